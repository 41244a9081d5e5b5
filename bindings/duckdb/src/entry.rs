//! What DuckDB calls: when it loads the library, and for each chunk of rows.
#![expect(unsafe_code, reason = "DuckDB calls these functions, and has C functions of its own")]

use std::collections::HashMap;
use std::ffi::{CStr, CString, c_char, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::null_mut;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use jot::Verifier;
use libduckdb_sys as duckdb;

use super::judge::{COLUMNS, Judge, Kind, Value, doubt};
use super::rules::verifier;
use super::vector::{Given, Told};

/// The oldest C interface of DuckDB that has what is called here.
const INTERFACE: &str = "v1.2.0";

/// What both functions know.
#[derive(Default)]
struct Known {
    verifiers: RwLock<HashMap<Vec<u8>, Arc<Verifier>>>,
    /// Those that no thread uses at the moment.
    judges: Mutex<Vec<Judge>>,
}

/// What a function is registered with.
struct Own {
    known: Arc<Known>,
    /// How many units of the times make a second.
    units: i64,
}

type Callback =
    unsafe extern "C" fn(duckdb::duckdb_function_info, duckdb::duckdb_data_chunk, duckdb::duckdb_vector);

/// Called by `LOAD`.
///
/// # Safety
/// DuckDB passes what its C interface for extensions says.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn jot_init_c_api(
    info: duckdb::duckdb_extension_info,
    access: *const duckdb::duckdb_extension_access,
) -> bool {
    // SAFETY: DuckDB's struct of functions, which lives for this call.
    let access = unsafe { &*access };
    // SAFETY: DuckDB passed both.
    let loaded = catch_unwind(AssertUnwindSafe(|| unsafe { load(info, access) }));
    let fault = match loaded {
        Ok(Ok(loaded)) => return loaded,
        Ok(Err(fault)) => fault,
        Err(_) => "a fault of libjot".to_owned(),
    };
    if let Some(tell) = access.set_error {
        // SAFETY: DuckDB copies the text.
        unsafe { tell(info, c_text(&fault).as_ptr()) };
    }
    false
}

/// # Safety
/// Both are of DuckDB's loader.
unsafe fn load(
    info: duckdb::duckdb_extension_info,
    access: &duckdb::duckdb_extension_access,
) -> Result<bool, String> {
    // SAFETY: both are of DuckDB's loader.
    if !unsafe { duckdb::duckdb_rs_extension_api_init(info, access, INTERFACE) }? {
        // DuckDB has said why.
        return Ok(false);
    }
    let database = access.get_database.ok_or("DuckDB offers no database")?;
    // SAFETY: DuckDB's function, with its own argument.
    let database = unsafe { database(info) };
    if database.is_null() {
        return Ok(false);
    }
    let mut connection = null_mut();
    // SAFETY: the database is sound.
    let database = unsafe { *database };
    // SAFETY: likewise, and there is room for the connection.
    let state = unsafe { duckdb::duckdb_connect(database, &raw mut connection) };
    if state != duckdb::duckdb_state_DuckDBSuccess {
        return Err("DuckDB allows no connection".to_owned());
    }
    // SAFETY: the connection is open.
    let registered = unsafe { register(connection) };
    // SAFETY: the connection is open, and not used behind this.
    unsafe { duckdb::duckdb_disconnect(&raw mut connection) };
    registered.map(|()| true)
}

/// # Safety
/// The connection is open.
unsafe fn register(connection: duckdb::duckdb_connection) -> Result<(), String> {
    let known = Arc::new(Known::default());
    let own = |units| Own { known: Arc::clone(&known), units };
    let (text, bigint) = (duckdb::DUCKDB_TYPE_DUCKDB_TYPE_VARCHAR, duckdb::DUCKDB_TYPE_DUCKDB_TYPE_BIGINT);
    let policy =
        Function { name: c"jot_policy", takes: vec![text, text], callback: on_policy, is_volatile: true };
    // SAFETY: the connection is open.
    unsafe { policy.register(connection, own(1), simple(bigint)) }?;
    for (time, units) in [
        (bigint, 1),
        (duckdb::DUCKDB_TYPE_DUCKDB_TYPE_TIMESTAMP, 1_000_000),
        (duckdb::DUCKDB_TYPE_DUCKDB_TYPE_TIMESTAMP_TZ, 1_000_000),
    ] {
        let takes = vec![text, text, time];
        let verdict = Function { name: c"jot_verdict", takes, callback: on_verdict, is_volatile: false };
        // SAFETY: the connection is open.
        unsafe { verdict.register(connection, own(units), verdict_type()) }?;
    }
    Ok(())
}

/// A type of a column, which is freed at the end.
struct Type(duckdb::duckdb_logical_type);

impl Drop for Type {
    fn drop(&mut self) {
        // SAFETY: it was made by DuckDB, and is not used behind this.
        unsafe { duckdb::duckdb_destroy_logical_type(&raw mut self.0) };
    }
}

fn simple(number: duckdb::DUCKDB_TYPE) -> Type {
    // SAFETY: DuckDB makes a type of any number.
    Type(unsafe { duckdb::duckdb_create_logical_type(number) })
}

fn verdict_type() -> Type {
    let types: Vec<Type> = COLUMNS
        .iter()
        .map(|(_, kind)| match kind {
            Kind::Integer => simple(duckdb::DUCKDB_TYPE_DUCKDB_TYPE_INTEGER),
            Kind::Bigint => simple(duckdb::DUCKDB_TYPE_DUCKDB_TYPE_BIGINT),
            Kind::Boolean => simple(duckdb::DUCKDB_TYPE_DUCKDB_TYPE_BOOLEAN),
            Kind::Text => simple(duckdb::DUCKDB_TYPE_DUCKDB_TYPE_VARCHAR),
        })
        .collect();
    let names = COLUMNS.map(|(name, _)| c_text(name));
    let mut members: Vec<_> = types.iter().map(|member| member.0).collect();
    let mut names: Vec<*const c_char> = names.iter().map(|name| name.as_ptr()).collect();
    let count = members.len() as u64;
    // SAFETY: there are as many names as types; DuckDB copies both.
    Type(unsafe { duckdb::duckdb_create_struct_type(members.as_mut_ptr(), names.as_mut_ptr(), count) })
}

/// A function of SQL.
struct Function {
    name: &'static CStr,
    takes: Vec<duckdb::DUCKDB_TYPE>,
    callback: Callback,
    /// Whether a call does something, and is not left out or done beforehand.
    is_volatile: bool,
}

impl Function {
    /// # Safety
    /// The connection is open.
    unsafe fn register(
        self,
        connection: duckdb::duckdb_connection,
        own: Own,
        returns: Type,
    ) -> Result<(), String> {
        // SAFETY: DuckDB makes a function, which is freed below.
        let mut function = unsafe { duckdb::duckdb_create_scalar_function() };
        // SAFETY: the function is new, and the name ends with a zero.
        unsafe { duckdb::duckdb_scalar_function_set_name(function, self.name.as_ptr()) };
        for number in self.takes {
            let taken = simple(number);
            // SAFETY: the function is new; DuckDB copies the type.
            unsafe { duckdb::duckdb_scalar_function_add_parameter(function, taken.0) };
        }
        // SAFETY: likewise.
        unsafe { duckdb::duckdb_scalar_function_set_return_type(function, returns.0) };
        // A null has a verdict too.
        // SAFETY: the function is new.
        unsafe { duckdb::duckdb_scalar_function_set_special_handling(function) };
        if self.is_volatile {
            // SAFETY: the function is new.
            unsafe { duckdb::duckdb_scalar_function_set_volatile(function) };
        }
        let own = Box::into_raw(Box::new(own)).cast::<c_void>();
        // SAFETY: DuckDB calls `drop_own` once, behind the last call of the function.
        unsafe { duckdb::duckdb_scalar_function_set_extra_info(function, own, Some(drop_own)) };
        // SAFETY: the callback is of the type that DuckDB wants.
        unsafe { duckdb::duckdb_scalar_function_set_function(function, Some(self.callback)) };
        // SAFETY: the connection is open, the function whole.
        let state = unsafe { duckdb::duckdb_register_scalar_function(connection, function) };
        // SAFETY: it is not used behind this; DuckDB has its copy.
        unsafe { duckdb::duckdb_destroy_scalar_function(&raw mut function) };
        match state {
            duckdb::duckdb_state_DuckDBSuccess => Ok(()),
            _ => Err(format!("DuckDB refused {}", self.name.to_string_lossy())),
        }
    }
}

unsafe extern "C" fn drop_own(own: *mut c_void) {
    // SAFETY: made by `Box::into_raw`, and passed once.
    let own = unsafe { Box::from_raw(own.cast::<Own>()) };
    // A panic must not reach DuckDB.
    let _ = catch_unwind(AssertUnwindSafe(|| drop(own)));
}

/// Runs a function of SQL on a chunk, and tells DuckDB what failed.
fn answer(info: duckdb::duckdb_function_info, run: impl FnOnce() -> Result<(), String>) {
    let fault = match catch_unwind(AssertUnwindSafe(run)) {
        Ok(Ok(())) => return,
        Ok(Err(fault)) => fault,
        Err(_) => "a fault of libjot".to_owned(),
    };
    // SAFETY: DuckDB passed `info`, and copies the text.
    unsafe { duckdb::duckdb_scalar_function_set_error(info, c_text(&fault).as_ptr()) };
}

/// # Safety
/// DuckDB passed it, of a function that [`Function::register`] registered.
unsafe fn own<'f>(info: duckdb::duckdb_function_info) -> &'f Own {
    // SAFETY: DuckDB passed it.
    let own = unsafe { duckdb::duckdb_scalar_function_get_extra_info(info) };
    // SAFETY: it is what was registered, and lives as long as the function.
    unsafe { &*own.cast::<Own>() }
}

unsafe extern "C" fn on_policy(
    info: duckdb::duckdb_function_info,
    input: duckdb::duckdb_data_chunk,
    output: duckdb::duckdb_vector,
) {
    // SAFETY: DuckDB passed it.
    let own = unsafe { own(info) };
    // SAFETY: DuckDB passed both, with the types that were registered.
    answer(info, || unsafe { make_policies(own, input, output) });
}

/// # Safety
/// DuckDB passed a chunk of two texts, and a vector of BIGINT.
unsafe fn make_policies(
    own: &Own,
    input: duckdb::duckdb_data_chunk,
    output: duckdb::duckdb_vector,
) -> Result<(), String> {
    // SAFETY: there are two columns.
    let given = [0, 1].map(|column| unsafe { Given::of(input, column) });
    // SAFETY: both are texts, and the chunk outlives this call.
    let [names, rules] = given.map(|given| unsafe { given.texts() });
    // SAFETY: DuckDB passed the vector.
    let told = unsafe { Told::of(output) };
    for (row, (name, rules)) in names.into_iter().zip(rules).enumerate() {
        let (Some(name), Some(rules)) = (name, rules) else {
            return Err("jot_policy: a name and rules are wanted".to_owned());
        };
        let rules = std::str::from_utf8(rules).map_err(|error| error.to_string())?;
        let (verifier, keys) = verifier(rules).map_err(|fault| format!("jot_policy: {fault}"))?;
        let mut verifiers = own.known.verifiers.write().unwrap_or_else(PoisonError::into_inner);
        verifiers.insert(name.to_vec(), Arc::new(verifier));
        // SAFETY: the vector is of BIGINT, and has a row for each of the chunk.
        unsafe { told.write(row, Some(i64::try_from(keys).unwrap_or(i64::MAX))) };
    }
    Ok(())
}

unsafe extern "C" fn on_verdict(
    info: duckdb::duckdb_function_info,
    input: duckdb::duckdb_data_chunk,
    output: duckdb::duckdb_vector,
) {
    // SAFETY: DuckDB passed it.
    let own = unsafe { own(info) };
    // SAFETY: DuckDB passed both, with the types that were registered.
    answer(info, || unsafe { judge_chunk(own, input, output) });
}

/// # Safety
/// DuckDB passed a chunk of two texts and a time, and a vector of the verdict's type.
unsafe fn judge_chunk(
    own: &Own,
    input: duckdb::duckdb_data_chunk,
    output: duckdb::duckdb_vector,
) -> Result<(), String> {
    // SAFETY: there are three columns.
    let [names, tokens, times] = [0, 1, 2].map(|column| unsafe { Given::of(input, column) });
    if tokens.rows() == 0 {
        return Ok(());
    }
    // SAFETY: it is a column of texts, and the chunk outlives this call.
    let names = unsafe { names.texts() };
    let Some(Some(name)) = names.first() else {
        return Err("jot_verdict: the name of a policy is wanted".to_owned());
    };
    if names.iter().any(|other| *other != Some(*name)) {
        return Err("jot_verdict: one policy for all rows is wanted".to_owned());
    }
    let verifiers = own.known.verifiers.read().unwrap_or_else(PoisonError::into_inner);
    let verifier = verifiers.get(*name).map(Arc::clone);
    drop(verifiers);
    let verifier = verifier.ok_or_else(|| {
        format!("jot_verdict: no policy is called {:?}; jot_policy makes one", String::from_utf8_lossy(name))
    })?;
    // SAFETY: it is a column of texts, and the chunk outlives this call.
    let tokens = unsafe { tokens.texts() };
    // SAFETY: it is a column of times.
    let times: Vec<_> = unsafe { times.numbers() };
    // Rounds towards the past, as everywhere.
    let seconds = |time: i64| time.div_euclid(own.units);
    let times: Vec<Option<i64>> = times.into_iter().map(|time| time.map(seconds)).collect();
    let free = own.known.judges.lock().unwrap_or_else(PoisonError::into_inner).pop();
    let mut judge = match free {
        Some(judge) => judge,
        None => Judge::new().map_err(|error| error.to_string())?,
    };
    judge.judge(&verifier, &tokens, &times).map_err(|error| error.to_string())?;
    // Nobody reads a log of DuckDB's: a query that fails is what is noticed.
    if let Some(doubt) = doubt() {
        return Err(format!("jot_verdict: {doubt}"));
    }
    // SAFETY: DuckDB passed the vector.
    let told = unsafe { Told::of(output) };
    // SAFETY: it is a struct with these members.
    let members: Vec<Told> = (0..COLUMNS.len() as u64).map(|place| unsafe { told.member(place) }).collect();
    for (row, used_at) in times.into_iter().enumerate() {
        judge.row(row, used_at, |place, value| {
            let Some(member) = members.get(place) else { return };
            match value {
                // SAFETY: each member has the type of `COLUMNS`, and this row.
                Value::Integer(number) => unsafe { member.write(row, Some(number)) },
                // SAFETY: likewise.
                Value::Bigint(number) => unsafe { member.write(row, number) },
                // SAFETY: likewise; DuckDB's BOOLEAN is a byte that is 0 or 1.
                Value::Boolean(flag) => unsafe { member.write(row, flag.map(u8::from)) },
                // SAFETY: likewise.
                Value::Text(text) => unsafe { member.write_text(row, text) },
            }
        });
    }
    own.known.judges.lock().unwrap_or_else(PoisonError::into_inner).push(judge);
    Ok(())
}

/// A text for DuckDB, up to its first zero.
fn c_text(text: &str) -> CString {
    CString::new(text.split('\0').next().unwrap_or_default()).unwrap_or_default()
}

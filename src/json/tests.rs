//! The parser's own tests.

use super::parse::parse;
use super::*;
use crate::limits::MAX_DEPTH;

fn outcome(text: &str) -> Result<String, FaultKind> {
    let mut storage = Storage::default();
    match parse(text.as_bytes(), &mut storage) {
        Ok(object) => Ok(format!("{object:?}")),
        Err(fault) => Err(fault.kind),
    }
}

#[test]
fn parser_reads_every_kind_of_value() {
    let text = r#" {"a":[1,-0.5e+3,true,false,null,"x",{}],"":{"b":"\u00e9\ud834\udd1e\n"}} "#;
    let mut storage = Storage::default();
    let object = parse(text.as_bytes(), &mut storage).unwrap();
    assert_eq!(object.path(["", "b"]).unwrap().as_str(), Some("é𝄞\n"));
    let values: Vec<_> = object.member("a").unwrap().as_array().unwrap().iter().collect();
    assert_eq!(values.len(), 7);
    assert_eq!(values[1].as_number().unwrap().as_f64(), -500.0);
    let booleans: Vec<_> = values.iter().map(Value::as_bool).collect();
    assert_eq!(booleans, [None, None, Some(true), Some(false), None, None, None]);
    assert_eq!(
        object.member("a").unwrap().as_array().unwrap().as_text(),
        r#"[1,-0.5e+3,true,false,null,"x",{}]"#
    );
}

#[test]
fn parser_refuses_malformed_texts() {
    for text in [
        "",
        " ",
        "{",
        "{}}",
        "{}x",
        "\u{feff}{}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{\"a\":1]",
        "{\"a\":1x}",
        "{\"a\":1x",
        "{\"a\":[1}}",
        "{\"a\":[1x]}",
        "{,}",
        "{a:1}",
        "{\"a\":01}",
        "{\"a\":1.}",
        "{\"a\":.5}",
        "{\"a\":+1}",
        "{\"a\":1e}",
        "{\"a\":-}",
        "{\"a\":NaN}",
        "{\"a\":tru}",
        "{\"a\":\"\t\"}",
        "{\u{12}a\":1,\"b\":2}",
        "{\"a\u{12}:1,\"b\":2}",
        "{\"a\":\u{12}x\",\"b\":2}",
        "{\"a\":\"x\u{12},\"b\":2}",
        "{\\a\":1,\"b\":2}",
        "{\"a\\:1,\"b\":2}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\ud800\"}",
        "{\"a\":\"\\udc00\"}",
        "{\"a\":\"\\ud800\\u0041\"}",
        "{\"a\":\"\\u12\"}",
        "{\"a\":\"",
        "{\"a\":[1 2]}",
        "{\"a\":[1,]}",
        "{'a':1}",
        "{\"a\":1}\0",
        "{\"a\":\"\\u+123\"}",
    ] {
        assert_eq!(outcome(text), Err(FaultKind::Syntax), "{text:?}");
    }
    let mut storage = Storage::default();
    assert_eq!(parse(b"{\"a\":\"\xff\"}", &mut storage).unwrap_err().kind, FaultKind::Syntax);
}

#[test]
fn parser_tells_other_types_from_malformed_texts() {
    for text in ["[]", "\"x\"", "1", "null", " true "] {
        assert_eq!(outcome(text), Err(FaultKind::NotObject), "{text:?}");
    }
}

#[test]
fn parser_refuses_repeated_names_at_every_level_and_size() {
    for text in [
        r#"{"a":1,"a":2}"#,
        r#"{"a":1,"\u0061":2}"#,
        r#"{"x":{"abcdefgh":1,"b":2,"abcdefgh":3}}"#,
        r#"{"x":[{"":1,"":2}]}"#,
    ] {
        assert_eq!(outcome(text), Err(FaultKind::Repeated), "{text:?}");
    }
    let many = |last: usize| {
        let members: Vec<_> = (0..100).chain([last]).map(|n| format!("\"m{n}\":{n}")).collect();
        format!("{{{}}}", members.join(","))
    };
    assert_eq!(outcome(&many(37)), Err(FaultKind::Repeated));
    assert!(outcome(&many(100)).is_ok());
    assert!(outcome(r#"{"abcdefgh1":1,"abcdefgh2":2,"abcdefg":{"abcdefg":1}}"#).is_ok());
}

#[test]
fn tags_belong_to_names_of_three_bytes_alone() {
    for length in [3, 4, 10, 255, 256, 259, 515] {
        for name in [format!("{:x<length$}", "exp"), format!("\\u0065{:x<1$}", "xp", length - 1)] {
            let text = format!("{{\"{name}\":1,\"tail of the text\":0}}");
            let mut storage = Storage::default();
            let object = parse(text.as_bytes(), &mut storage).unwrap();
            assert_eq!(object.names().next().unwrap().0.next == super::tag(*b"exp"), length == 3, "{name}");
            assert_eq!(object.short_names().count(), usize::from(length == 3), "{name}");
        }
    }
}

#[test]
fn short_names_are_those_of_the_outer_object() {
    let text = r#"{"iss":1,"a":{"sub":2,"x":[{"nbf":3}]},"\u0061ud":4,"exps":5,"jti" : 6,"exp":7}"#;
    let mut storage = Storage::default();
    let object = parse(text.as_bytes(), &mut storage).unwrap();
    let found: Vec<_> =
        object.short_names().map(|(tag, place)| (tag, format!("{:?}", object.at(place)))).collect();
    let number = |text: &'static str| format!("{:?}", Some(Value::Number(Number::of_text(text))));
    let wanted = [(*b"iss", "1"), (*b"aud", "4"), (*b"jti", "6"), (*b"exp", "7")];
    assert_eq!(found, wanted.map(|(name, text)| (super::tag(name), number(text))));
    assert_eq!(object.member("a").unwrap().as_object().unwrap().short_names().count(), 0);
    assert!(parse(b"{}", &mut storage).unwrap().short_names().next().is_none());
}

#[cfg(feature = "capi")]
#[test]
fn steps_go_through_a_container_and_nothing_else() {
    let text = r#"{"a":[1,[2,3],"x"],"b":{},"c":4}"#;
    let mut storage = Storage::default();
    let object = parse(text.as_bytes(), &mut storage).unwrap();
    let walk = |container: u32| {
        let (mut steps, mut cursor) = (Vec::new(), 0);
        while let Some(step) = object.step(container, cursor) {
            steps.push((step.name.unwrap_or("-"), step.node));
            cursor = step.next;
        }
        steps
    };
    assert_eq!(walk(object.node()), [("a", 2), ("b", 9), ("c", 11)]);
    assert_eq!(walk(2), [("-", 3), ("-", 4), ("-", 7)]);
    assert_eq!(walk(4), [("-", 5), ("-", 6)]);
    // Empty, no container, no node, and no node that could be.
    for container in [9, 1, 3, 7, 11, 1000, u32::MAX] {
        assert!(walk(container).is_empty(), "{container}");
    }
    // Cursors before a container's first and behind its last.
    for (container, cursor) in [(2, 1), (2, 2), (2, 8), (4, 3), (4, 7), (0, 12), (0, u32::MAX)] {
        assert!(object.step(container, cursor).is_none(), "{container} {cursor}");
    }
    assert_eq!((object.find("b"), object.find("x")), (Some(9), None));
    assert_eq!(object.value_at(11).and_then(|value| value.as_number()?.as_i64()), Some(4));
    assert!(object.value_at(1000).is_none());
}

#[test]
fn parser_bounds_the_depth() {
    let nested = |depth: usize| format!("{{\"a\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
    assert!(outcome(&nested(MAX_DEPTH - 1)).is_ok());
    assert_eq!(outcome(&nested(MAX_DEPTH)), Err(FaultKind::TooDeep));
    // Miri takes minutes for a long text.
    assert_eq!(outcome(&nested(if cfg!(miri) { 1000 } else { 100_000 })), Err(FaultKind::TooDeep));
}

#[test]
fn reader_hands_out_repeated_members_and_is_strict_else() {
    let mut reader = JsonReader::default();
    let object = reader.read(br#"{"a":1,"bc":2,"\u0061":[3],"a":{"a":4},"b":5}"#).unwrap();
    let values: Vec<_> = object.each("a").map(|value| format!("{value:?}")).collect();
    assert_eq!(values.len(), 3);
    assert!(object.each("a").nth(1).unwrap().as_array().is_some(), "{values:?}");
    assert_eq!((object.each("b").count(), object.each("").count()), (1, 0));
    for text in ["", "[]", "{}x", "{\"a\":1,}", "{\"a\":\"\u{1}\"}", "{\"a\":\"\\ud80\"}"] {
        assert!(reader.read(text.as_bytes()).is_none(), "{text}");
    }
    assert!(reader.read(b"{\"a\":\"\xff\"}").is_none());
    let lone = reader.read(br#"{"a":"\ud800\u0041\udc00\ud834\udd1e"}"#).unwrap();
    assert_eq!(lone.member("a").unwrap().as_str(), Some("\u{fffd}A\u{fffd}\u{1d11e}"));
    let nested = |depth: usize| format!("{{\"a\":{}{}}}", "[".repeat(depth - 1), "]".repeat(depth - 1));
    assert!(reader.read(nested(1000).as_bytes()).is_some() && reader.read(nested(1001).as_bytes()).is_none());
}

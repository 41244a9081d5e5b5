# Two commands do everything on a machine with Rust and Debian's base:
#   make demo   builds, makes an access log with tokens, audits it, leaves a report
#   make test   runs every test
# Each installs what it needs.

CARGO ?= cargo
FUZZ_SECONDS ?= 10
# Where Debian has ccache's names for the compilers, if it is there.
export PATH := /usr/lib/ccache:$(PATH)
# Says when a part of the tests begins and ends.
part = @printf '\n== %s %s\n' "$$(date +%T)"

.PHONY: help ccache demo demo-login chromium test test-all dist dist-go test-dist test-msrv \
    test-abi test-benches test-engine test-jotctl test-proofs baseline test-targets test-sanitizers test-pyjwt-world test-c test-envoy \
    test-nginx test-tower test-tower-long test-server test-server-long test-go test-hosts test-java test-lua test-node test-node-suites test-go-suites test-python test-pythons test-engines test-engines-long lib prove \
    test-distrust install install-lib lint deny bench bench-audit bench-engines bench-gateways bench-go bench-java bench-keys bench-lua bench-node bench-server bench-tower model \
    docs fuzz venv setup clean

help: ## Show what there is to make.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Install the compilers that the build needs, where they are missing.
	@scripts/setup.sh

ccache:
	@scripts/setup.sh ccache

venv: setup ## Make .venv with the Python libraries that the tests compare with.
	@scripts/venv.sh

# Looks at the report of the audit, and at the pages of the login service.
chromium:
	@case "$(JOT_ALLOW_MISSING)" in *chromium*) ;; *) scripts/chromium.sh ;; esac

demo: setup ## Make an access log of 200,000 lines, audit it, leave a report.
	@scripts/demo.sh

demo-login: setup ## Start the login service and guarded APIs, and walk a user through.
	@scripts/setup-server.sh
	@scripts/setup-go.sh || true
	@scripts/setup-node.sh || true
	@scripts/venv.sh .venv-apis examples/requirements.txt || true
	@scripts/demo-login.sh

# A test that cannot run fails, unless JOT_ALLOW_MISSING names what is missing:
#   make test JOT_ALLOW_MISSING=avx512,chromium
#
# Two parts run side by side, because many keep one processor busy for long; what a part says is
# printed when it ends. Those that take longest begin first.
parts := test-engine test-c test-engines test-envoy test-nginx test-server test-proofs test-python \
    test-hosts test-jotctl test-tower test-targets
test: export JOT_REQUIRE = all
# The tests have little use for speed, and as one piece each library takes minutes to compile.
# What `make dist` leaves is compiled as users get it, and tested by `make test-dist`.
test: export CARGO_PROFILE_RELEASE_LTO = off
test: export CARGO_PROFILE_RELEASE_CODEGEN_UNITS = 16
test: setup ccache venv chromium ## Run every test.
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target $(addprefix part-,$(parts))
	$(part) "the end"

# Cargo counts its jobs by itself, so it is not to look for make's.
.PHONY: $(addprefix part-,$(parts))
$(addprefix part-,$(parts)): part-%:
	$(part) "$* begins"
	@env MAKEFLAGS= make --no-print-directory $*
	$(part) "$* ends"
# Tests of both gateways measure times, and would disturb each other; two installations of the
# Python package would build it in one folder.
$(addprefix part-,test-nginx): part-test-envoy
$(addprefix part-,test-python): part-test-engines
# These leave libraries with planted faults, and what the packages of hosts are made of, where the
# hosts look for theirs.
$(addprefix part-,test-hosts): part-test-c part-test-nginx part-test-server

# Emulated lanes stand in for those that the processor lacks; make test-all tests them always.
test-engine: setup ccache ## Test the engine and its accelerated code.
	$(CARGO) test --workspace --exclude jot-proofs --all-features --locked
	@grep -qw avx512ifma /proc/cpuinfo || scripts/software-lanes.sh

# The tests of the programs that prove would only run them again.
test-proofs: prove ## Prove, and see that planted faults of each kind are found.
	$(CARGO) test -p jot-proofs --lib --locked
	@scripts/mutants.py one-of-each

test-jotctl: setup ccache ## Test the command jotctl.
	cd cli && $(CARGO) test --locked --target-dir ../target

test-all: test ## Run every test, the long ones as well.
	$(MAKE) fuzz
	@scripts/valgrind.sh
	@scripts/software-lanes.sh long
	@scripts/mutants.py kept
	$(MAKE) test-distrust
	$(MAKE) test-tower-long
	$(MAKE) test-benches
	$(MAKE) test-server-long
	$(MAKE) test-msrv
	$(MAKE) test-abi
	@scripts/targets.sh test
	@scripts/targets.sh long
	$(MAKE) test-sanitizers
	$(MAKE) test-pyjwt-world
	$(MAKE) test-node-suites
	$(MAKE) test-go-suites
	$(MAKE) test-pythons
	$(MAKE) test-go
	$(MAKE) test-node
	$(MAKE) test-java
	$(MAKE) test-lua
	$(MAKE) test-engines-long
	$(MAKE) dist
	$(MAKE) test-dist

dist: setup ## Make what users download, into target/dist: crates, wheels, packages.
	@scripts/dist.sh

test-dist: setup ## Install each artefact of make dist where nothing else is, and use it.
	@scripts/test-dist.sh

test-msrv: setup ## Compile everything with the oldest Rust.
	@scripts/msrv.sh

test-abi: setup ## Compare the C library and the crates with the baselines.
	@scripts/abi.sh

baseline: setup ## Take the C library and the crates as they are for the baselines.
	@scripts/abi.sh --update

test-sanitizers: setup ## Run the engine under two sanitizers and under Miri (nightly).
	@scripts/sanitizers.sh

test-pyjwt-world: setup venv ## Run the tests of PyJWT and of programs that use it on jot.pyjwt (JOT_CHECKOUTS).
	@scripts/pyjwt_world.py

test-node-suites: setup ## Run the tests of jsonwebtoken, express-jwt and @fastify/jwt on libjot (JOT_CHECKOUTS).
	@scripts/node.sh suites

test-go-suites: setup ## Run golang-jwt's own tests on the package jwt.
	@scripts/setup-go.sh
	@scripts/go.sh suites

test-targets: setup ## Compile the engine for other targets and with each feature alone.
	@scripts/targets.sh check

test-c: setup ## Test the C and C++ interface, the installation and the examples.
	@scripts/test-c.sh
	@scripts/test-link.sh
	@scripts/test-install.sh

test-hosts: setup ccache ## Test Node, Java, Go and Lua, a minute each.
	@scripts/node.sh smoke
	@scripts/java.sh smoke
	@scripts/setup-go.sh
	@scripts/go.sh smoke
	@scripts/lua.sh smoke

test-go: setup ## Test the Go module, with the race detector and a million calls.
	@scripts/setup-go.sh
	@scripts/go.sh test
	@scripts/dist-go.sh test

dist-go: setup ## Make the Go module that needs no installed library, into target/dist/go.
	@scripts/setup-go.sh
	@scripts/dist-go.sh

test-node: setup ## Test the package for Node, with a million calls, and installed from its file.
	@scripts/node.sh test

test-lua: setup ## Test the module for LuaJIT, in nginx, with a million calls, and installed as a rock.
	@scripts/lua.sh test

test-java: setup ## Test the package for Java, with a million calls, Spring, Spark, and its jar.
	@scripts/java.sh test
	@scripts/java.sh spark

test-python: setup ## Install the Python package and test it; the oldest and newest Python import it.
	@scripts/pythons.sh
	@scripts/python.sh

test-pythons: setup ## Install the Python package with every Python that is there, and use it.
	@scripts/pythons.sh --all

test-engines: setup ## Test the audit on Spark, Dask, DuckDB and Polars (800 MB).
	@scripts/engines.sh

test-engines-long: setup ## Test a job on three Spark workers, Delta, Iceberg, and SQL in DuckDB.
	cd bindings/duckdb && $(CARGO) clippy --all-targets --locked --target-dir ../../target -- -D warnings
	cd bindings/duckdb && $(CARGO) test --locked --target-dir ../../target
	@scripts/engines.sh --long

lib: setup ## Build target/release/libjot.so and libjot.a.
	@scripts/lib.sh --release

install: setup ## Install libraries, headers and jotctl (PREFIX, DESTDIR, LIBDIR).
	@PREFIX='$(PREFIX)' DESTDIR='$(DESTDIR)' LIBDIR='$(LIBDIR)' scripts/install.sh

install-lib: setup ## Install libraries and headers without jotctl (the like).
	@PREFIX='$(PREFIX)' DESTDIR='$(DESTDIR)' LIBDIR='$(LIBDIR)' scripts/install.sh lib

# One target directory for all, so that aws-lc is built once.
test-envoy: setup ## Test the Envoy filter, also in the real Envoy.
	@scripts/gateways.sh
	cd bindings/envoy && $(CARGO) test --locked --target-dir ../../target
	cd bindings/envoy && $(CARGO) build --locked --target-dir ../../target
	cd server && $(CARGO) build --locked --target-dir ../target --bin jotd
	cd cli && $(CARGO) build --locked --target-dir ../target
	.venv-gateways/bin/python -B -m pytest -q -p no:cacheprovider tests/gateways -k "not nginx and not distrust"

test-nginx: setup ## Test the nginx module in the real nginx.
	@scripts/gateways.sh nginx
	$(MAKE) -C bindings/nginx
	cd cli && $(CARGO) build --locked --target-dir ../target
	.venv-gateways/bin/python -B -m pytest -q -p no:cacheprovider tests/gateways -k "nginx and not distrust"

test-distrust: setup ## Test what nginx, Envoy, jotctl and DuckDB tell of accelerated code with planted faults.
	@scripts/gateways.sh nginx
	.venv-gateways/bin/python -B -m pytest -q -p no:cacheprovider tests/gateways -k distrust

test-tower: setup ## Test the guard of tower, axum and tonic, and the example of axum.
	cd bindings/tower && $(CARGO) test --all-features --locked --target-dir ../../target
	cd examples/axum && $(CARGO) test --locked --target-dir ../../target

test-tower-long: setup ## Compile the guard with each feature alone, and the guard of actix.
	cd bindings/tower && for feature in axum fetch tonic status-list; do \
	    RUSTFLAGS="-D warnings" $(CARGO) check --locked --no-default-features --features $$feature \
	        --target-dir ../../target/features || exit 1; done
	cd examples/actix && $(CARGO) test --locked --target-dir ../../target
	cd bindings/tower/bench && $(CARGO) clippy --locked -- -D warnings

# Nobody ships these, and their many peers take longest of all to compile.
test-benches: setup ## Check the benches with clippy, each peer compiled.
	cd benches && $(CARGO) clippy --all-targets --locked --target-dir ../target -- -D warnings
	cd benches && RUSTFLAGS="-C target-feature=+avx512f,+avx512bw,+avx512dq,+avx512ifma" $(CARGO) clippy --locked \
	    --features ed25519-peers --bin ed25519_peers --target-dir target/native -- -D warnings

test-server: setup chromium ## Test the login service, also behind a real nginx.
	@scripts/setup-server.sh
	@scripts/setup-go.sh
	@scripts/setup-node.sh
	cd server && $(CARGO) test --workspace --locked --target-dir ../target
	@scripts/venv.sh .venv-apis examples/requirements.txt
	@scripts/demo-login.sh >/dev/null

test-server-long: setup ## Test the login service over PostgreSQL, with 200 kills, and by schemathesis.
	@scripts/setup-server.sh postgresql
	cd server && JOT_DATABASE=postgresql $(CARGO) test --locked --target-dir ../target --test service
	cd server && JOT_KILLS=200 $(CARGO) test --locked --target-dir ../target --test service kills
	@scripts/schemathesis.sh

fuzz: setup ccache ## Build the fuzz targets and run each for FUZZ_SECONDS.
	@scripts/fuzz.sh $(FUZZ_SECONDS)

lint: setup ccache ## Check the format, clippy's lints and the documentation.
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --all-features --locked -- -D warnings
	cd cli && $(CARGO) fmt --check && $(CARGO) clippy --all-targets --locked --target-dir ../target -- -D warnings
	cd server && $(CARGO) fmt --all --check && \
	    $(CARGO) clippy --workspace --all-targets --locked --target-dir ../target -- -D warnings
	cd benches && $(CARGO) fmt --check
	cd bindings/envoy && $(CARGO) fmt --check && \
	    $(CARGO) clippy --all-targets --locked --target-dir ../../target -- -D warnings
	cd bindings/duckdb && $(CARGO) fmt --check
	cd bindings/tower && $(CARGO) fmt --check && \
	    $(CARGO) clippy --all-targets --all-features --locked --target-dir ../../target -- -D warnings
	cd bindings/node && $(CARGO) fmt --check && \
	    $(CARGO) clippy --locked --target-dir ../../target -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --workspace --all-features --no-deps --locked --document-private-items
	cd cli && RUSTDOCFLAGS="-D warnings" $(CARGO) doc --no-deps --locked --document-private-items --target-dir ../target
	cd server && RUSTDOCFLAGS="-D warnings" $(CARGO) doc --workspace --no-deps --locked --document-private-items --target-dir ../target
	cd bindings/tower && RUSTDOCFLAGS="-D warnings" $(CARGO) doc --all-features --no-deps --locked --document-private-items --target-dir ../../target
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --workspace --all-features --no-deps --locked

deny: ## Check licences, bans and sources (needs cargo-deny).
	$(CARGO) deny check licenses bans sources
	$(CARGO) deny --manifest-path cli/Cargo.toml check licenses bans sources
	$(CARGO) deny --manifest-path server/Cargo.toml check licenses bans sources
	$(CARGO) deny --manifest-path bindings/envoy/Cargo.toml check licenses bans sources
	$(CARGO) deny --manifest-path bindings/duckdb/Cargo.toml check licenses bans sources
	$(CARGO) deny --manifest-path bindings/tower/Cargo.toml check licenses bans sources
	$(CARGO) deny --manifest-path bindings/node/Cargo.toml check licenses bans sources

bench: setup ## Measure beside the peers and write docs/benchmarks.md.
	cd benches && $(CARGO) bench --locked -- --warm-up-time 0.5 --measurement-time 1
	cd benches && $(CARGO) run --release --bin table --locked
	cd benches && $(CARGO) run --release --bin throughput --locked
	cd benches && $(CARGO) run --release --bin accelerated --locked
	cd benches && $(CARGO) run --release --bin own_keys --locked
	cd benches && $(CARGO) run --release --bin first_token --locked
	scripts/lib.sh --release
	cd benches && $(CARGO) run --release --bin c_call --locked
	cd benches && $(CARGO) run --release --bin goals --locked
	@scripts/python-bench.sh

bench-keys: setup ## Measure one key to a hundred thousand and write docs/benchmarks.md.
	cd benches && $(CARGO) run --release --bin keys --locked
	@if grep -qw avx512ifma /proc/cpuinfo; then cd benches && RUSTFLAGS="-C target-cpu=native" \
	    $(CARGO) run --release --features ed25519-peers --bin ed25519_peers --locked --target-dir target/native; fi
	cd benches && $(CARGO) run --release --bin goals --locked

bench-go: setup ## Measure the Go module beside golang-jwt and jwx.
	@scripts/setup-go.sh
	@scripts/go.sh bench

bench-lua: setup ## Measure the module for LuaJIT beside the module of nginx in C.
	@scripts/lua.sh bench

bench-java: setup ## Measure the package for Java beside four others, in JMH.
	@scripts/java.sh bench

bench-node: setup ## Measure the package for Node beside its peers and write docs/node.md.
	@scripts/node.sh bench

bench-gateways: setup ## Measure the gateway modules in their servers.
	@scripts/gateways.sh nginx bench
	cd bindings/envoy && $(CARGO) build --release --locked --target-dir ../../target
	$(MAKE) -C bindings/nginx
	cd benches && $(CARGO) build --release --locked --bin bare
	.venv-gateways/bin/python -B tests/gateways/bench.py

bench-engines: setup ## Measure the audit on Spark with one and two workers.
	@scripts/engines.sh --scaling

bench-audit: setup venv ## Measure jotctl audit beside its peers and write docs/benchmarks.md.
	@scripts/jotctl.sh
	cd benches && $(CARGO) build --release --locked --bin audit_peers
	scripts/bench_audit.py all

bench-server: setup ## Measure the login service and write docs/benchmarks.md.
	@scripts/bench-server.sh

bench-tower: setup ## Measure the guard of tower beside its peers and write docs/tower.md.
	@scripts/bench-tower.sh

model: setup ## Check the cache's table in every order of its loads and stores.
	RUSTFLAGS="--cfg loom" CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
	    $(CARGO) test --release --lib --target-dir target/loom --locked cache::table::model

prove: setup ## Prove the accelerated code, as far as proofs/README.md says.
	@scripts/prove.sh

docs: ## Write the pages that are made from code.
	JOT_UPDATE=1 $(CARGO) test --features regex,status-list --test code_table --test negative_tokens --locked
	JOT_UPDATE=1 $(CARGO) test --features header --test c_header --locked
	bindings/java/declarations.py
	JOT_UPDATE=1 $(CARGO) test --test conformance --locked

clean: ## Remove what was built.
	$(CARGO) clean
	rm -rf demo .venv .venv-apis .venv-gateways .venv-dist .venv-schemathesis bindings/python/.venv bindings/python/.venv-engines \
	    benches/target fuzz/target bindings/nginx/build

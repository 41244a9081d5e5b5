module github.com/libjot/libjot/examples/chi

go 1.22

require (
	github.com/go-chi/chi/v5 v5.2.3
	github.com/libjot/libjot/bindings/go v0.0.0
)

replace github.com/libjot/libjot/bindings/go => ../../bindings/go

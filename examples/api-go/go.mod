module github.com/libjot/libjot/examples/api-go

go 1.22

require github.com/libjot/libjot/bindings/go v0.0.0

replace github.com/libjot/libjot/bindings/go => ../../bindings/go

module github.com/libjot/libjot/bindings/go

go 1.22

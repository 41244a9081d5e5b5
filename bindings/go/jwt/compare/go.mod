module github.com/libjot/libjot/bindings/go/jwt/compare

go 1.22

require (
	github.com/golang-jwt/jwt/v5 v5.3.1
	github.com/libjot/libjot/bindings/go v0.0.0
)

replace github.com/libjot/libjot/bindings/go => ../../

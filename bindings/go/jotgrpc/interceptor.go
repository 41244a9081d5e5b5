// Package jotgrpc guards the methods of a gRPC server with bearer tokens. It is a module of its
// own, so that the others do not need gRPC.
package jotgrpc

import (
	"context"
	"net/http"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/libjot/libjot/bindings/go/jothttp"
)

// Rule says which scopes a method needs, by its full name such as "/orders.Orders/List", and
// whether it needs a token at all. By no rule, nil, every method needs a token.
type Rule func(method string) (scopes []string, guarded bool)

// Every is the rule by which every method needs a token that grants these scopes.
func Every(scopes ...string) Rule { return func(string) ([]string, bool) { return scopes, true } }

// Unary guards calls with one request and one answer. The handler finds the token by
// [jothttp.TokenOf].
func Unary(guard *jothttp.Guard, rule Rule) grpc.UnaryServerInterceptor {
	return func(ctx context.Context, request any, info *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
		ctx, err := judged(ctx, guard, rule, info.FullMethod, func(fields metadata.MD) error {
			return grpc.SetHeader(ctx, fields)
		})
		if err != nil {
			return nil, err
		}
		return next(ctx, request)
	}
}

// Stream guards calls with streams, once at their beginning.
func Stream(guard *jothttp.Guard, rule Rule) grpc.StreamServerInterceptor {
	return func(server any, stream grpc.ServerStream, info *grpc.StreamServerInfo, next grpc.StreamHandler) error {
		ctx, err := judged(stream.Context(), guard, rule, info.FullMethod, stream.SetHeader)
		if err != nil {
			return err
		}
		return next(server, &guarded{stream, ctx})
	}
}

type guarded struct {
	grpc.ServerStream
	ctx context.Context
}

func (g *guarded) Context() context.Context { return g.ctx }

func judged(
	ctx context.Context, guard *jothttp.Guard, rule Rule, method string, header func(metadata.MD) error,
) (context.Context, error) {
	if rule == nil {
		rule = Every()
	}
	scopes, needed := rule(method)
	if !needed {
		return ctx, nil
	}
	fields, _ := metadata.FromIncomingContext(ctx)
	token, refusal := guard.Judge(ctx, fields.Get("authorization"), scopes)
	if refusal == nil {
		return jothttp.WithToken(ctx, token), nil
	}
	if refusal.Challenge != "" {
		// A call whose header was sent can no longer have one, and is refused all the same.
		_ = header(metadata.Pairs("www-authenticate", refusal.Challenge))
	}
	return nil, status.Error(statusOf(refusal.Status), refusal.Code.String())
}

// statusOf is the gRPC status beside an HTTP status, as the Envoy filter has it.
func statusOf(answer int) codes.Code {
	switch answer {
	case http.StatusBadRequest:
		return codes.InvalidArgument
	case http.StatusUnauthorized:
		return codes.Unauthenticated
	case http.StatusForbidden:
		return codes.PermissionDenied
	case http.StatusServiceUnavailable:
		return codes.Unavailable
	}
	return codes.Internal
}

package jotgrpc_test

import (
	"context"
	"io"
	"net"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	health "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/test/bufconn"

	jot "github.com/libjot/libjot/bindings/go"
	"github.com/libjot/libjot/bindings/go/jotgrpc"
	"github.com/libjot/libjot/bindings/go/jothttp"
)

// served is gRPC's own service: one unary method, and one with a stream.
type served struct {
	health.UnimplementedHealthServer
	subject string
}

func (s *served) Check(ctx context.Context, _ *health.HealthCheckRequest) (*health.HealthCheckResponse, error) {
	if token := jothttp.TokenOf(ctx); token != nil {
		s.subject = token.Subject
	}
	return &health.HealthCheckResponse{Status: health.HealthCheckResponse_SERVING}, nil
}

func (s *served) Watch(_ *health.HealthCheckRequest, stream grpc.ServerStreamingServer[health.HealthCheckResponse]) error {
	s.subject = jothttp.TokenOf(stream.Context()).Subject
	return stream.Send(&health.HealthCheckResponse{Status: health.HealthCheckResponse_SERVING})
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func TestCallsNeedAToken(t *testing.T) {
	key := must(jot.GenerateKey(jot.ES256, ""))
	verifier := must(jot.NewVerifier(jot.WithAlgorithms(jot.ES256), jot.WithKeys(must(jot.PublicKeys(key)))))
	defer verifier.Close()
	guard := must(jothttp.New(verifier, jothttp.Options{}))
	service := &served{}
	for name, rule := range map[string]jotgrpc.Rule{
		"guarded": jotgrpc.Every("read"),
		"no rule": nil,
		"public":  func(method string) ([]string, bool) { return nil, method != health.Health_Check_FullMethodName },
	} {
		server := grpc.NewServer(
			grpc.UnaryInterceptor(jotgrpc.Unary(guard, rule)), grpc.StreamInterceptor(jotgrpc.Stream(guard, rule)),
		)
		health.RegisterHealthServer(server, service)
		listener := bufconn.Listen(1 << 16)
		go func() { _ = server.Serve(listener) }()
		client := health.NewHealthClient(must(grpc.NewClient(
			"passthrough:buffer", grpc.WithTransportCredentials(insecure.NewCredentials()),
			grpc.WithContextDialer(func(context.Context, string) (net.Conn, error) { return listener.Dial() }),
		)))
		text := must(key.Sign(`{"sub":"alice","scope":"read","exp":4102444800}`))
		lesser := must(key.Sign(`{"sub":"alice","exp":4102444800}`))
		for authorization, wanted := range map[string]codes.Code{
			"Bearer " + text: codes.OK, "Bearer " + lesser: codes.PermissionDenied, "": codes.Unauthenticated,
			"Bearer x": codes.Unauthenticated,
		} {
			if name == "no rule" && wanted == codes.PermissionDenied {
				wanted = codes.OK
			}
			ctx := context.Background()
			if authorization != "" {
				ctx = metadata.AppendToOutgoingContext(ctx, "authorization", authorization)
			}
			service.subject = ""
			var header metadata.MD
			_, err := client.Check(ctx, &health.HealthCheckRequest{}, grpc.Header(&header))
			unary, subject := wanted, "alice"
			if name == "public" {
				unary, subject = codes.OK, ""
			}
			if status.Code(err) != unary || (unary == codes.OK && service.subject != subject) {
				t.Errorf("%s, unary, %.12s: %v %s", name, authorization, err, service.subject)
			}
			if refused := unary != codes.OK; refused != (len(header.Get("www-authenticate")) == 1) {
				t.Errorf("%s: %v", name, header)
			}
			stream := must(client.Watch(ctx, &health.HealthCheckRequest{}))
			_, err = stream.Recv()
			streamed := wanted
			if name == "public" && wanted == codes.PermissionDenied {
				streamed = codes.OK
			}
			if status.Code(err) != streamed {
				t.Errorf("%s, stream, %.12s: %v", name, authorization, err)
			}
			for err == nil {
				_, err = stream.Recv()
			}
			if streamed == codes.OK && err != io.EOF {
				t.Error(err)
			}
		}
		server.Stop()
	}
}

// Package provider serves resource types to the Pulumi engine: its ResourceProvider protocol, over gRPC on loopback.
//
// Stand-ins for the official plugins tls, random and command are built on it, for the lab, on machines that cannot download those.
// Engine and SDKs are the real ones; only what answers behind the plugin protocol is the lab's. They behave as the originals do for
// what the program uses, and refuse the rest by name. Never ship or install them elsewhere.
package provider

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	rpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
)

// As in package.json; set where a plugin is built.
var version string

// Serve prints the port that it listens on, as the engine expects, and answers until the process is told to end. name is that of the
// package, "tls" for pulumi-resource-tls; types are by their tokens, such as tls:index/privateKey:PrivateKey.
func Serve(name string, types map[string]Type) {
	if err := serve(name, types); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve(name string, types map[string]Type) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	// What runs when the engine cancels, or ends this process, is ended by it.
	running, end := context.WithCancel(context.Background())
	answers := &server{name: name, types: types, running: running, end: end}
	// Its address comes last, after flags that the engine itself was given.
	if len(os.Args) > 1 {
		connection, err := grpc.NewClient(os.Args[len(os.Args)-1], grpc.WithTransportCredentials(insecure.NewCredentials()))
		if err != nil {
			return err
		}
		answers.engine = rpc.NewEngineClient(connection)
	}
	// What goes wrong with one resource is no end of the others.
	recovered := func(ctx context.Context, request any, _ *grpc.UnaryServerInfo, answer grpc.UnaryHandler) (response any, err error) {
		defer func() {
			if cause := recover(); cause != nil {
				err = status.Errorf(codes.Internal, "the lab's stand-in for the %s plugin: %v", name, cause)
			}
		}()
		return answer(ctx, request)
	}
	// Properties have no limit of their own: kubeconfigs and archives are some.
	service := grpc.NewServer(
		grpc.MaxRecvMsgSize(messageBytes), grpc.MaxSendMsgSize(messageBytes), grpc.UnaryInterceptor(recovered))
	rpc.RegisterResourceProviderServer(service, answers)

	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	go func() {
		<-signals
		end()
		// What it runs ends first, unless something else holds on to its output.
		time.AfterFunc(5*time.Second, service.Stop)
		service.GracefulStop()
	}()

	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	return service.Serve(listener)
}

// As in the engine (sdk/go/common/util/rpcutil): 400 MiB.
const messageBytes = 400 << 20

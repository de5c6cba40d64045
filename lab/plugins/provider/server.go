package provider

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	rpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/structpb"
)

type server struct {
	rpc.UnimplementedResourceProviderServer
	name    string
	types   map[string]Type
	engine  rpc.EngineClient
	running context.Context
	end     context.CancelFunc
}

func (s *server) GetPluginInfo(context.Context, *emptypb.Empty) (*rpc.PluginInfo, error) {
	return &rpc.PluginInfo{Version: version}, nil
}

func (s *server) GetSchema(context.Context, *rpc.GetSchemaRequest) (*rpc.GetSchemaResponse, error) {
	return &rpc.GetSchemaResponse{Schema: "{}"}, nil
}

func (s *server) CheckConfig(_ context.Context, request *rpc.CheckRequest) (*rpc.CheckResponse, error) {
	return &rpc.CheckResponse{Inputs: request.News}, nil
}

func (s *server) DiffConfig(context.Context, *rpc.DiffRequest) (*rpc.DiffResponse, error) {
	return &rpc.DiffResponse{Changes: rpc.DiffResponse_DIFF_NONE}, nil
}

func (s *server) Configure(context.Context, *rpc.ConfigureRequest) (*rpc.ConfigureResponse, error) {
	return &rpc.ConfigureResponse{AcceptSecrets: true, SupportsPreview: true}, nil
}

func (s *server) Check(_ context.Context, request *rpc.CheckRequest) (*rpc.CheckResponse, error) {
	kind, err := s.typeOf(request.Urn)
	if err != nil {
		return nil, err
	}
	inputs, failures := check(kind, request.News.AsMap())
	wire, err := structpb.NewStruct(inputs)
	if err != nil {
		return nil, err
	}
	response := &rpc.CheckResponse{Inputs: wire}
	for _, failure := range failures {
		response.Failures = append(response.Failures, &rpc.CheckFailure{Property: failure.Property, Reason: failure.Reason})
	}
	return response, nil
}

func (s *server) Diff(_ context.Context, request *rpc.DiffRequest) (*rpc.DiffResponse, error) {
	kind, err := s.typeOf(request.Urn)
	if err != nil {
		return nil, err
	}
	response := &rpc.DiffResponse{
		Changes:         rpc.DiffResponse_DIFF_NONE,
		HasDetailedDiff: true,
		DetailedDiff:    map[string]*rpc.PropertyDiff{},
	}
	for _, change := range diff(kind, request.OldInputs.AsMap(), request.Olds.AsMap(), request.News.AsMap()) {
		response.Changes = rpc.DiffResponse_DIFF_SOME
		response.Diffs = append(response.Diffs, change.property)
		if change.replaces {
			response.Replaces = append(response.Replaces, change.property)
		}
		response.DetailedDiff[change.property] = &rpc.PropertyDiff{Kind: change.kind()}
	}
	return response, nil
}

func (s *server) Create(_ context.Context, request *rpc.CreateRequest) (*rpc.CreateResponse, error) {
	kind, err := s.typeOf(request.Urn)
	if err != nil {
		return nil, err
	}
	id, state, err := create(kind, request.Properties.AsMap(), request.Preview, s.operation(request.Urn))
	if err != nil {
		return nil, err
	}
	wire, err := structpb.NewStruct(state)
	return &rpc.CreateResponse{Id: id, Properties: wire}, err
}

func (s *server) Read(_ context.Context, request *rpc.ReadRequest) (*rpc.ReadResponse, error) {
	kind, err := s.typeOf(request.Urn)
	if err != nil {
		return nil, err
	}
	wire, err := structpb.NewStruct(read(kind, request.Properties.AsMap()))
	return &rpc.ReadResponse{Id: request.Id, Properties: wire, Inputs: request.Inputs}, err
}

func (s *server) Update(_ context.Context, request *rpc.UpdateRequest) (*rpc.UpdateResponse, error) {
	kind, err := s.typeOf(request.Urn)
	if err != nil {
		return nil, err
	}
	olds, news := request.Olds.AsMap(), request.News.AsMap()
	state, err := update(kind, olds, news, request.Preview, s.operation(request.Urn))
	if err != nil {
		return nil, err
	}
	wire, err := structpb.NewStruct(state)
	return &rpc.UpdateResponse{Properties: wire}, err
}

func (s *server) Delete(_ context.Context, request *rpc.DeleteRequest) (*emptypb.Empty, error) {
	kind, err := s.typeOf(request.Urn)
	if err != nil {
		return nil, err
	}
	if kind.Delete == nil {
		return &emptypb.Empty{}, nil
	}
	return &emptypb.Empty{}, kind.Delete(plain(request.Properties.AsMap()), s.operation(request.Urn))
}

func (s *server) Cancel(context.Context, *emptypb.Empty) (*emptypb.Empty, error) {
	s.end()
	return &emptypb.Empty{}, nil
}

func (s *server) typeOf(urn string) (Type, error) {
	// urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME
	token := urn
	if parts := strings.Split(urn, "::"); len(parts) > 2 {
		token = parts[2][strings.LastIndex(parts[2], "$")+1:]
	}
	if kind, found := s.types[token]; found {
		return kind, nil
	}
	tokens := strings.Join(slices.Sorted(maps.Keys(s.types)), ", ")
	return Type{}, fmt.Errorf(
		"the lab's stand-in for the %s plugin has no resource type %q (it has %s): put the official pulumi-resource-%[1]s on PATH",
		s.name, token, tokens)
}

func (s *server) operation(urn string) Operation {
	return Operation{Context: s.running, Log: func(line string) {
		if s.engine == nil {
			return
		}
		// In the resource's column of what the engine shows; not kept in its log. A line that is lost is no error.
		_, _ = s.engine.Log(s.running, &rpc.LogRequest{
			Severity: rpc.LogSeverity_INFO, Urn: urn, Message: line, Ephemeral: true,
		})
	}}
}

package main

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/go-hclog"
	goplugin "github.com/hashicorp/go-plugin"
	"github.com/hashicorp/vault/sdk/helper/pluginutil"
	"github.com/hashicorp/vault/sdk/logical"
	"github.com/hashicorp/vault/sdk/plugin"
	"google.golang.org/grpc/metadata"

	"github.com/OWNER/cdktf-genesys-orgs/vault-plugin/fake"
)

const asPlugin = "RUN_AS_PLUGIN"

// TestMain runs the plugin itself, in a process that a test starts.
func TestMain(m *testing.M) {
	if os.Getenv(asPlugin) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// TestAsAProcess runs the plugin as Vault does: a process, protocol version 5, gRPC with mutual TLS. The
// organisation answers over HTTP.
func TestAsAProcess(t *testing.T) {
	org := fake.NewOrg(fake.NewClock())
	const role = "aaaaaaaa-0000-4000-8000-000000000001"
	master := org.Add("master", "", fake.Grant(role, "*"))
	server := httptest.NewServer(org)
	defer server.Close()

	backend, ctx := start(t)
	storage := &logical.InmemStorage{}
	do := func(operation logical.Operation, path string, data map[string]any, secret *logical.Secret) *logical.Response {
		t.Helper()
		response, err := backend.HandleRequest(ctx, &logical.Request{
			Operation: operation, Path: path, Data: data, Storage: storage, Secret: secret, MountAccessor: "genesyscloud_1",
		})
		if err != nil || response.IsError() {
			t.Fatal(path, err, response)
		}
		return response
	}
	err := backend.Setup(ctx, &logical.BackendConfig{
		StorageView: storage, Logger: hclog.NewNullLogger(), BackendUUID: "mount-1",
		System: &logical.StaticSystemView{DefaultLeaseTTLVal: time.Hour, MaxLeaseTTLVal: 24 * time.Hour, PluginEnvironment: &logical.PluginEnvironment{VaultVersion: "1.21.0"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	do(logical.UpdateOperation, "config", map[string]any{
		"org": "na-prod", "org_id": org.ID, "region": "eu-central-1", "client_id": master.ID,
		"client_secret": master.Secret, "api_url": server.URL, "login_url": server.URL,
	}, nil)
	do(logical.UpdateOperation, "roles/crm", map[string]any{"role_divisions": role + ":*", "allow_creds": true, "delete_at_once": true}, nil)

	token := do(logical.ReadOperation, "token/crm", nil, nil)
	if !org.Works(token.Data["access_token"].(string)) {
		t.Error("the token must work")
	}
	do(logical.RevokeOperation, "", nil, token.Secret)
	if org.Works(token.Data["access_token"].(string)) {
		t.Error("the token must have ended")
	}

	leased := do(logical.ReadOperation, "creds/crm", nil, nil)
	id := leased.Data["client_id"].(string)
	if org.Client(id).State() != "active" {
		t.Error("the client must be active")
	}
	do(logical.RollbackOperation, "", nil, nil)
	do(logical.RevokeOperation, "", nil, leased.Secret)
	if org.Client(id).State() != "deleted" {
		t.Error("the client must be gone")
	}

	help := do(logical.HelpOperation, "", nil, nil)
	document, err := json.Marshal(help.Data["openapi"])
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{
		"/config", "/config/rotate-root", "/roles/{name}", "/roles/", "/roles/{name}/rotate", "/token/{name}", "/creds/{name}", "/tidy",
		"genesyscloud-generate-token", "genesyscloud-configure-organisation", "Access token for the Platform API.",
	} {
		if !strings.Contains(string(document), `"`+part+`"`) {
			t.Errorf("the OpenAPI document lacks %s", part)
		}
	}
}

func start(t *testing.T) (logical.Backend, context.Context) {
	t.Helper()
	// go test -race and others put variables into the environment that the child must have as well.
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), asPlugin+"=1", pluginutil.PluginAutoMTLSEnv+"=true", pluginutil.PluginVaultVersionEnv+"=1.21.0")
	var logs strings.Builder
	client := goplugin.NewClient(&goplugin.ClientConfig{
		HandshakeConfig:  plugin.HandshakeConfig,
		VersionedPlugins: map[int]goplugin.PluginSet{5: {"backend": &plugin.GRPCBackendPlugin{}}},
		Cmd:              command, AutoMTLS: true, Stderr: &logs,
		AllowedProtocols: []goplugin.Protocol{goplugin.ProtocolGRPC}, Logger: hclog.NewNullLogger(),
	})
	t.Cleanup(func() {
		client.Kill()
		if t.Failed() {
			t.Log(logs.String())
		}
	})
	connection, err := client.Client()
	if err != nil {
		t.Fatal(err, logs.String())
	}
	raw, err := connection.Dispense("backend")
	if err != nil {
		t.Fatal(err)
	}
	// Vault names the mount in each call, since one process serves several.
	ctx := metadata.AppendToOutgoingContext(t.Context(), pluginutil.MultiplexingCtxKey, "mount-1")
	return raw.(logical.Backend), ctx
}

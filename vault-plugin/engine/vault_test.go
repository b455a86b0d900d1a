package engine

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/vault/sdk/logical"

	"github.com/OWNER/cdktf-genesys-orgs/vault-plugin/fake"
)

const (
	roleA = "aaaaaaaa-0000-4000-8000-000000000001"
	roleB = "bbbbbbbb-0000-4000-8000-000000000002"
)

// vault is the engine in a Vault of its own, with an organisation.
type vault struct {
	t         testing.TB
	org       *fake.Org
	clock     *fake.Clock
	storage   logical.Storage
	transport http.RoundTripper
	mount     logical.StaticSystemView
	master    *fake.Client
	foreign   []*fake.Client
	engine    *backend
	logs      *strings.Builder
}

// newVault returns an engine without a configuration. The organisation has clients of others.
func newVault(t testing.TB) *vault {
	clock := fake.NewClock()
	org := fake.NewOrg(clock)
	v := &vault{
		t: t, org: org, clock: clock, storage: &logical.InmemStorage{}, transport: fake.Transport{Org: org},
		mount: logical.StaticSystemView{DefaultLeaseTTLVal: time.Hour, MaxLeaseTTLVal: 32 * day},
		logs:  &strings.Builder{},
	}
	v.master = org.Add("vault-master", "given", fake.Grant(roleA, "*"), fake.Grant(roleB, "*"))
	v.foreign = []*fake.Client{
		org.Add("crm-sync#v1", "arn:aws:secretsmanager:eu-central-1:111122223333:secret:/genesys/prod/na/crm-sync-AbCdEf"),
		org.Add("vault-crm#r00000000000000000000000000000000", "vault:other-mount:other:crm:r0"),
		org.Add("by hand", ""),
	}
	v.restart()
	return v
}

// configured returns an engine with a configuration and the role crm.
func configured(t testing.TB, fields ...map[string]any) *vault {
	v := newVault(t)
	v.must("config", v.config())
	role := map[string]any{"role_divisions": roleA + ":*", "allow_creds": true}
	for _, more := range fields {
		for name, value := range more {
			role[name] = value
		}
	}
	v.must("roles/crm", role)
	v.org.Forget()
	return v
}

func (v *vault) config() map[string]any {
	return map[string]any{
		"org": "na-prod", "org_id": v.org.ID, "region": "eu-central-1",
		"client_id": v.master.ID, "client_secret": v.master.Secret,
	}
}

// restart starts the engine anew: only its storage stays.
func (v *vault) restart() {
	v.t.Helper()
	v.engine = newBackend(v.transport, v.clock)
	err := v.engine.Setup(context.Background(), &logical.BackendConfig{
		StorageView: v.storage,
		Logger:      hclog.New(&hclog.LoggerOptions{Output: v.logs, Level: hclog.Trace}),
		System:      v.mount,
	})
	if err != nil {
		v.t.Fatal(err)
	}
}

func (v *vault) do(operation logical.Operation, path string, data map[string]any) (*logical.Response, error) {
	return v.engine.HandleRequest(context.Background(), &logical.Request{
		Operation: operation, Path: path, Data: data, Storage: v.storage, MountAccessor: "genesyscloud_1a2b3c4d",
	})
}

// failed returns what went wrong; an empty text if nothing did.
func failed(response *logical.Response, err error) string {
	if err != nil {
		return err.Error()
	}
	if response != nil && response.IsError() {
		return response.Error().Error()
	}
	return ""
}

func (v *vault) must(path string, data map[string]any) *logical.Response {
	v.t.Helper()
	response, err := v.do(logical.UpdateOperation, path, data)
	if problem := failed(response, err); problem != "" {
		v.t.Fatalf("%s: %s", path, problem)
	}
	return response
}

func (v *vault) read(path string) *logical.Response {
	v.t.Helper()
	response, err := v.do(logical.ReadOperation, path, nil)
	if problem := failed(response, err); problem != "" {
		v.t.Fatalf("%s: %s", path, problem)
	}
	return response
}

// refused returns the error of a request that must fail, and checks that no secret is in it.
func (v *vault) refused(operation logical.Operation, path string, data map[string]any) string {
	v.t.Helper()
	problem := failed(v.do(operation, path, data))
	if problem == "" {
		v.t.Fatalf("%s must fail", path)
	}
	if strings.Contains(problem, "canary") {
		v.t.Errorf("%s: the error has a secret: %s", path, problem)
	}
	return problem
}

// lease does an operation on a lease.
func (v *vault) lease(operation logical.Operation, secret *logical.Secret) (*logical.Response, error) {
	copied := *secret
	copied.IssueTime = time.Now()
	return v.engine.HandleRequest(context.Background(), &logical.Request{
		Operation: operation, Storage: v.storage, Secret: &copied, MountAccessor: "genesyscloud_1a2b3c4d",
	})
}

// renew renews a lease; without an increment for as long as the role says.
func (v *vault) renew(secret *logical.Secret, increment time.Duration) *logical.Secret {
	v.t.Helper()
	copied := *secret
	copied.Increment = increment
	response, err := v.lease(logical.RenewOperation, &copied)
	if problem := failed(response, err); problem != "" {
		v.t.Fatalf("renew: %s", problem)
	}
	return response.Secret
}

func (v *vault) revoke(secret *logical.Secret) {
	v.t.Helper()
	if problem := failed(v.lease(logical.RevokeOperation, secret)); problem != "" {
		v.t.Fatalf("revoke: %s", problem)
	}
}

// tick does what Vault does each minute. WAL entries carry the machine's time, so their age is left to
// the engine.
func (v *vault) tick() string {
	return failed(v.engine.HandleRequest(context.Background(), &logical.Request{
		Operation: logical.RollbackOperation, Storage: v.storage, Data: map[string]any{"immediate": true},
	}))
}

// settle lets time pass, and Vault's periodic work be done.
func (v *vault) settle(d time.Duration) {
	v.t.Helper()
	v.clock.Advance(d)
	for range 3 {
		if problem := v.tick(); problem != "" {
			v.t.Fatalf("tick: %s", problem)
		}
	}
}

// untouched checks that the clients of others are as they were.
func (v *vault) untouched() {
	v.t.Helper()
	for _, before := range v.foreign {
		after := v.org.Client(before.ID)
		if after.State() != "active" || len(after.Fields) != len(before.Fields) || after.Secret != before.Secret {
			v.t.Errorf("the client %s of someone else was changed: %v", before.Fields["name"], after.Fields)
		}
	}
}

// made returns the clients that are neither the given master nor of others.
func (v *vault) made() []*fake.Client {
	var made []*fake.Client
	for _, client := range v.org.Clients() {
		if client.CreatedBy != "a-person" {
			made = append(made, client)
		}
	}
	return made
}

// stored returns everything in storage as one text.
func (v *vault) keys(prefix string) []string {
	v.t.Helper()
	keys, err := v.storage.List(context.Background(), prefix)
	if err != nil {
		v.t.Fatal(err)
	}
	return keys
}

// calls counts the master's calls of the Platform API, without logins.
func (v *vault) calls(client string) (n int) {
	for _, call := range v.org.Calls() {
		if call.Path != "/oauth/token" && (client == "" || call.Client == client) {
			n++
		}
	}
	return n
}

func wants(t testing.TB, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q must contain %q", text, part)
		}
	}
}

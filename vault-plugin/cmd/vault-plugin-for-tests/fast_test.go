package main

import (
	"net/http/httptest"
	"testing"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/vault/sdk/logical"

	"github.com/OWNER/cdktf-genesys-orgs/vault-plugin/fake"
	"github.com/OWNER/cdktf-genesys-orgs/vault-plugin/platform"
)

func TestAMinuteLastsASecond(t *testing.T) {
	slow := fake.NewClock()
	clock := fastClock{slow, slow.Now()}
	started := clock.Now()
	slow.Advance(time.Second)
	if passed := clock.Now().Sub(started); passed != time.Minute {
		t.Errorf("%s passed", passed)
	}
	before := slow.Now()
	if err := clock.Sleep(t.Context(), time.Hour); err != nil || slow.Now().Sub(before) != time.Minute {
		t.Errorf("%v, waited %s for an hour", err, slow.Now().Sub(before))
	}
}

func TestARestartDoesNotSetTheClockBack(t *testing.T) {
	first, err := builtAt()
	if err != nil {
		t.Fatal(err)
	}
	if second, err := builtAt(); err != nil || !second.Equal(first) || !first.Before(time.Now()) {
		t.Errorf("%v: the clock begins at %s, and then at %s", err, first, second)
	}
}

// TestVaultSeesShorterLeases gets and renews a lease, as a Vault with the machine's clock does.
func TestVaultSeesShorterLeases(t *testing.T) {
	org := fake.NewOrg(fake.NewClock())
	const role = "aaaaaaaa-0000-4000-8000-000000000001"
	master := org.Add("master", "", fake.Grant(role, "*"))
	server := httptest.NewServer(org)
	defer server.Close()
	storage := &logical.InmemStorage{}
	backend, err := factory(fastClock{platform.SystemClock{}, time.Now()})(t.Context(), &logical.BackendConfig{
		StorageView: storage, Logger: hclog.NewNullLogger(),
		System: &logical.StaticSystemView{DefaultLeaseTTLVal: time.Hour, MaxLeaseTTLVal: 24 * time.Hour},
	})
	if err != nil {
		t.Fatal(err)
	}
	do := func(request *logical.Request) *logical.Response {
		t.Helper()
		request.Storage = storage
		response, err := backend.HandleRequest(t.Context(), request)
		if err != nil || response.IsError() {
			t.Fatal(request.Path, err, response)
		}
		return response
	}
	do(&logical.Request{Operation: logical.UpdateOperation, Path: "config", Data: map[string]any{
		"org_id": org.ID, "region": "eu-central-1", "client_id": master.ID, "client_secret": master.Secret,
		"api_url": server.URL, "login_url": server.URL,
	}})
	do(&logical.Request{Operation: logical.UpdateOperation, Path: "roles/crm", Data: map[string]any{
		"role_divisions": role + ":*", "allow_creds": true, "ttl": "5m", "max_ttl": "2h",
	}})
	secret := do(&logical.Request{Operation: logical.ReadOperation, Path: "creds/crm"}).Secret
	if secret.TTL != 5*time.Second || secret.MaxTTL != 2*time.Minute {
		t.Errorf("ttl %s, max ttl %s", secret.TTL, secret.MaxTTL)
	}
	// A minute of Vault's time is an hour, so another hour is left.
	secret.IssueTime = time.Now().Add(-time.Minute)
	secret.Increment = 90 * time.Second
	renewed := do(&logical.Request{Operation: logical.RenewOperation, Secret: secret}).Secret
	if renewed.TTL < 58*time.Second || renewed.TTL > time.Minute {
		t.Errorf("ttl %s after a renewal", renewed.TTL)
	}
}

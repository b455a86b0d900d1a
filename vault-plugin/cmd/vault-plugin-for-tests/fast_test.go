package main

import (
	"context"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/vault/sdk/logical"

	"github.com/OWNER/cdktf-genesys-orgs/vault-plugin/fake"
)

func TestAMinuteLastsASecond(t *testing.T) {
	slow := fake.NewClock()
	clock := fastClock{slow, slow.Now(), 60}
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
	slow := stopped(time.Now())
	clock := fastClock{slow, slow.Now().Add(-time.Hour), 60}
	backend, err := factory(clock)(t.Context(), &logical.BackendConfig{
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
	// A minute of Vault's time is an hour of the engine's, so of two hours one is left.
	secret.IssueTime = slow.Now().Add(-time.Minute)
	secret.Increment = 90 * time.Second
	renewed := do(&logical.Request{Operation: logical.RenewOperation, Secret: secret}).Secret
	if renewed.TTL != 5*time.Second || renewed.MaxTTL != 2*time.Minute {
		t.Errorf("ttl %s, max ttl %s after a renewal", renewed.TTL, renewed.MaxTTL)
	}
	if lasts := endOfLease(t, storage).Sub(clock.Now()); lasts < 58*time.Minute || lasts > time.Hour {
		t.Errorf("the engine ends the lease after %s", lasts)
	}
}

// stopped is a clock that stands still.
type stopped time.Time

func (s stopped) Now() time.Time { return time.Time(s) }

func (s stopped) Sleep(ctx context.Context, _ time.Duration) error { return ctx.Err() }

// endOfLease returns when the engine thinks that its only lease ends.
func endOfLease(t *testing.T, storage logical.Storage) time.Time {
	t.Helper()
	keys, err := storage.List(t.Context(), "clients/crm/")
	if err != nil || len(keys) != 1 {
		t.Fatal(err, keys)
	}
	entry, err := storage.Get(t.Context(), "clients/crm/"+keys[0])
	if err != nil {
		t.Fatal(err)
	}
	var client struct{ Ends time.Time }
	if err := entry.DecodeJSON(&client); err != nil {
		t.Fatal(err)
	}
	return client.Ends
}

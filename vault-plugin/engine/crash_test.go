package engine

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/vault/sdk/logical"

	"github.com/OWNER/cdktf-genesys-orgs/vault-plugin/fake"
)

var errCrashed = errors.New("crashed")

// crash ends the process at one of its operations: a write to storage, or a call of Genesys Cloud.
// Nothing that comes later has an effect.
type crash struct {
	mu sync.Mutex
	// At is the number of the operation; 0 means never.
	at int
	// after lets the operation have its effect, and only its answer is lost.
	after bool
	count int
	last  string
}

// step says whether the next operation has an effect, and whether its answer arrives.
func (c *crash) step(name string) (effect, arrives bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.count++
	switch {
	case c.at == 0 || c.count < c.at:
		return true, true
	case c.count == c.at:
		c.last = name
		return c.after, false
	}
	return false, false
}

func (c *crash) never() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at, c.count = 0, 0
}

// crashingStorage is storage that a crash cuts off. Reads are not counted: they change nothing.
type crashingStorage struct {
	logical.Storage
	crash *crash
}

func (s crashingStorage) Put(ctx context.Context, entry *logical.StorageEntry) error {
	effect, arrives := s.crash.step("put " + entry.Key[:4])
	if effect {
		if err := s.Storage.Put(ctx, entry); err != nil {
			return err
		}
	}
	if !arrives {
		return errCrashed
	}
	return nil
}

func (s crashingStorage) Delete(ctx context.Context, key string) error {
	effect, arrives := s.crash.step("delete " + key[:4])
	if effect {
		if err := s.Storage.Delete(ctx, key); err != nil {
			return err
		}
	}
	if !arrives {
		return errCrashed
	}
	return nil
}

// crashingTransport is a network that a crash cuts off.
type crashingTransport struct {
	http.RoundTripper
	crash *crash
}

func (c crashingTransport) RoundTrip(request *http.Request) (*http.Response, error) {
	effect, arrives := c.crash.step(request.Method + " " + request.URL.Path)
	if !effect {
		return nil, errCrashed
	}
	response, err := c.RoundTripper.RoundTrip(request)
	if !arrives {
		return nil, errCrashed
	}
	return response, err
}

// scenario is a request that is cut off, and what is there before it.
type scenario struct {
	name   string
	before func(v *vault) *logical.Secret
	work   func(v *vault, secret *logical.Secret) (*logical.Response, error)
}

var scenarios = []scenario{
	{"token, first", nil, func(v *vault, _ *logical.Secret) (*logical.Response, error) {
		return v.do(logical.ReadOperation, "token/crm", nil)
	}},
	{"rotation", func(v *vault) *logical.Secret { return v.read("token/crm").Secret }, func(v *vault, _ *logical.Secret) (*logical.Response, error) {
		return v.do(logical.UpdateOperation, "roles/crm/rotate", nil)
	}},
	{"role deleted", func(v *vault) *logical.Secret { return v.read("token/crm").Secret }, func(v *vault, _ *logical.Secret) (*logical.Response, error) {
		return v.do(logical.DeleteOperation, "roles/crm", nil)
	}},
	{"creds", nil, func(v *vault, _ *logical.Secret) (*logical.Response, error) {
		return v.do(logical.ReadOperation, "creds/crm", nil)
	}},
	{"revoke", func(v *vault) *logical.Secret { return v.read("creds/crm").Secret }, func(v *vault, secret *logical.Secret) (*logical.Response, error) {
		return v.lease(logical.RevokeOperation, secret)
	}},
	{"renew", func(v *vault) *logical.Secret { return v.read("creds/crm").Secret }, func(v *vault, secret *logical.Secret) (*logical.Response, error) {
		_, err := v.lease(logical.RenewOperation, secret)
		return nil, err
	}},
	{"rotate-root", nil, func(v *vault, _ *logical.Secret) (*logical.Response, error) {
		return v.do(logical.UpdateOperation, "config/rotate-root", map[string]any{"retire_given": true})
	}},
	{"tidy of a rotation", func(v *vault) *logical.Secret {
		secret := v.read("token/crm").Secret
		v.must("roles/crm/rotate", nil)
		return secret
	}, func(v *vault, _ *logical.Secret) (*logical.Response, error) {
		return v.do(logical.UpdateOperation, "tidy", nil)
	}},
	{"rollback", func(v *vault) *logical.Secret {
		v.org.Fault = losing("POST", "/api/v2/oauth/clients")
		v.refused(logical.ReadOperation, "creds/crm", nil)
		v.clock.Advance(walAge)
		return nil
	}, func(v *vault, _ *logical.Secret) (*logical.Response, error) {
		return nil, errors.New(v.tick())
	}},
}

// TestACrashAtEveryOperation cuts each request off at each of its operations, before it had an effect and
// after, starts the engine anew, and lets Vault's periodic work be done.
func TestACrashAtEveryOperation(t *testing.T) {
	runs := 0
	for _, each := range scenarios {
		for _, once := range []bool{false, true} {
			for _, after := range []bool{false, true} {
				n := 0
				for at := 1; crashAt(t, each, at, after, once); at++ {
					n++
				}
				runs += n
				t.Logf("%-20s delete_at_once %-5t answer lost %-5t: %d crashes", each.name, once, after, n)
			}
		}
	}
	t.Logf("%d crashes: no orphan, no client of others touched, the engine works", runs)
}

// crashAt cuts one request off, and says whether the request had that many operations.
func crashAt(t *testing.T, each scenario, at int, after, atOnce bool) bool {
	v := configured(t, map[string]any{"delete_at_once": atOnce})
	cut := &crash{}
	v.storage = crashingStorage{v.storage, cut}
	v.transport = crashingTransport{fake.Transport{Org: v.org}, cut}
	v.restart()
	var secret *logical.Secret
	if each.before != nil {
		secret = each.before(v)
	}
	cut.never()
	cut.after, cut.at = after, at
	response, err := each.work(v, secret)
	if cut.count < at {
		return false
	}
	name := fmt.Sprintf("%s, crash at %d (%s), effect %t", each.name, at, cut.last, after)
	cut.never()
	v.restart()
	// The consumer that got an answer uses it; nobody has the secret of a request that was cut off.
	if err == nil && response != nil && !response.IsError() && response.Secret != nil {
		v.revoke(response.Secret)
	}
	if each.name == "revoke" || each.name == "renew" {
		v.revoke(secret)
	}
	v.settle(walAge + time.Minute)
	strays(t, v, name, "active")
	v.settle(26 * time.Hour)
	strays(t, v, name, "active", "inactive")
	if len(v.keys("wal/"))+len(v.keys("retired/")) > 0 {
		t.Errorf("%s: storage is not clean: %v %v", name, v.keys("wal/"), v.keys("retired/"))
	}
	v.untouched()
	if each.name != "role deleted" {
		v.read("token/crm")
		v.revoke(v.read("creds/crm").Secret)
	}
	return true
}

// strays checks that each of the engine's clients in these states is used: by a role, or as master.
func strays(t *testing.T, v *vault, name string, states ...string) {
	t.Helper()
	used := map[string]bool{}
	if cfg, err := loadConfig(t.Context(), v.storage); err == nil {
		used[cfg.ClientID] = true
	}
	if crm, err := load[current](t.Context(), v.storage, "current/crm"); err == nil && crm != nil {
		used[crm.ID] = true
	}
	for _, client := range v.made() {
		if !used[client.ID] && slices.Contains(states, client.State()) {
			t.Errorf("%s: the client %s is left, %s", name, client.Fields["name"], client.State())
		}
	}
}

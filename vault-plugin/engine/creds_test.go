package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/vault/sdk/framework"
	"github.com/hashicorp/vault/sdk/logical"

	"github.com/OWNER/cdktf-genesys-orgs/vault-plugin/fake"
)

func TestALeasedClientEndsWithItsLease(t *testing.T) {
	v := configured(t)
	response := v.read("creds/crm")
	id := response.Data["client_id"].(string)
	client := v.org.Client(id)
	if client.Secret != response.Data["client_secret"] || client.State() != "active" {
		t.Fatal("the client must work")
	}
	wants(t, fmt.Sprint(client.Fields["description"]), "genesyscloud_1a2b3c4d", "crm")
	if strings.Contains(fmt.Sprint(response.Secret.InternalData), client.Secret) {
		t.Error("the secret is in the lease's internal data")
	}
	v.revoke(response.Secret)
	if v.org.Client(id).State() != "inactive" {
		t.Fatal("the client must be inactive")
	}
	v.settle(time.Hour)
	if v.org.Client(id).State() != "inactive" {
		t.Error("its tokens may still work")
	}
	v.settle(11 * time.Minute)
	if v.org.Client(id).State() != "deleted" || len(v.keys("retired/")) != 0 {
		t.Error("it must be deleted and forgotten")
	}
	v.revoke(response.Secret)
	v.untouched()
}

func TestDeleteAtOnce(t *testing.T) {
	v := configured(t, map[string]any{"delete_at_once": true})
	response := v.read("creds/crm")
	v.revoke(response.Secret)
	if v.org.Client(response.Data["client_id"].(string)).State() != "deleted" {
		t.Error("it must be deleted at once")
	}
}

func TestCredsAreOptIn(t *testing.T) {
	v := configured(t, map[string]any{"allow_creds": false})
	wants(t, v.refused(logical.ReadOperation, "creds/crm", nil), "token/crm", "allow_creds")
}

func TestAClientIsProvenBeforeItIsHandedOut(t *testing.T) {
	v := configured(t)
	v.org.LoginLag, v.org.ListLag = 20*time.Second, 20*time.Second
	started := v.clock.Now()
	v.read("creds/crm")
	if waited := v.clock.Now().Sub(started); waited < 20*time.Second {
		t.Errorf("handed out after %s", waited)
	}
	v.org.LoginLag = time.Hour
	wants(t, v.refused(logical.ReadOperation, "creds/crm", nil), "na-prod", "invalid_client")
	if n := len(v.made()); n != 1 {
		t.Errorf("%d clients: one that does not work must be removed", n)
	}
}

func TestALostAnswerLeavesNoOrphan(t *testing.T) {
	for _, hides := range []bool{false, true} {
		v := configured(t)
		v.org.HidesCreator = hides
		v.org.ListLag = time.Minute
		v.org.Fault = losing("POST", "/api/v2/oauth/clients")
		wants(t, v.refused(logical.ReadOperation, "creds/crm", nil), "na-prod", "role crm", "no answer", "looks it up")
		if len(v.made()) != 1 {
			t.Fatal("the client must have been made")
		}
		wants(t, v.tick(), "may not show")
		v.settle(3 * time.Minute)
		if len(v.made()) != 0 || len(v.keys("wal/")) != 0 {
			t.Errorf("hides %t: the orphan is still there", hides)
		}
		v.untouched()
	}
}

// withoutRecords is storage that cannot store the record of a client.
type withoutRecords struct{ logical.Storage }

func (s withoutRecords) Put(ctx context.Context, entry *logical.StorageEntry) error {
	if strings.HasPrefix(entry.Key, clientPrefix) {
		return errors.New("the storage is full")
	}
	return s.Storage.Put(ctx, entry)
}

func TestAClientThatIsNotKnownYetIsRemovedLater(t *testing.T) {
	for name, fail := range map[string]func(v *vault){
		"not proven":   func(v *vault) { v.org.Fault = always("GET", "/api/v2/tokens/me", fake.Unavailable) },
		"not recorded": func(v *vault) { v.storage = withoutRecords{v.storage} },
	} {
		v := configured(t)
		v.org.ReadLag = time.Minute
		whole := v.storage
		fail(v)
		v.refused(logical.ReadOperation, "creds/crm", nil)
		if n := len(v.made()); n != 1 {
			t.Fatalf("%s: %d clients were made", name, n)
		}
		v.storage, v.org.Fault = whole, nil
		v.settle(walAge + time.Minute)
		if n := len(v.made()); n != 0 {
			t.Errorf("%s: %d clients are left", name, n)
		}
	}
}

func TestManyLostAnswersNeedOneList(t *testing.T) {
	v := configured(t)
	v.read("creds/crm")
	v.org.Fault = always("POST", "/api/v2/oauth/clients", fake.AnswerLost)
	for range 15 {
		v.refused(logical.ReadOperation, "creds/crm", nil)
	}
	v.org.Fault = nil
	v.org.Forget()
	v.settle(3 * time.Minute)
	lists := 0
	for _, call := range v.org.Calls() {
		if call.Path == "/api/v2/oauth/clients" {
			lists++
		}
	}
	if len(v.made()) != 1 || lists != 1 {
		t.Errorf("%d clients are left, %d lists", len(v.made()), lists)
	}
}

func TestACopyOfAMarkIsLeftAlone(t *testing.T) {
	v := configured(t)
	v.org.Fault = losing("POST", "/api/v2/oauth/clients")
	v.refused(logical.ReadOperation, "creds/crm", nil)
	lost := v.made()[0]
	copied := v.org.Add(lost.Fields["name"].(string), lost.Fields["description"].(string))
	v.settle(3 * time.Minute)
	if v.org.Client(lost.ID).State() != "deleted" || v.org.Client(copied.ID).State() != "active" {
		t.Error("only the engine's own client must be removed")
	}
	wants(t, v.logs.String(), "left alone")
}

func TestHalfAMarkIsNoMark(t *testing.T) {
	v := configured(t)
	v.org.HidesCreator = true
	v.org.Fault = always("POST", "/api/v2/oauth/clients", fake.NotReached)
	v.refused(logical.ReadOperation, "creds/crm", nil)
	v.org.Fault = nil
	entry, err := framework.GetWAL(t.Context(), v.storage, v.keys("wal/")[0])
	if err != nil {
		t.Fatal(err)
	}
	key := entry.Data.(map[string]any)["key"].(string)
	cfg, err := loadConfig(t.Context(), v.storage)
	if err != nil {
		t.Fatal(err)
	}
	v.foreign = append(v.foreign,
		v.org.Add(nameOf("crm", key), "of someone else"),
		v.org.Add("of someone else", markOf(cfg, "crm", key)))
	v.settle(3 * time.Minute)
	if len(v.keys("wal/")) != 0 {
		t.Error("the search must have ended")
	}
	v.untouched()
}

func TestAnIncompleteListRemovesNothing(t *testing.T) {
	v := configured(t)
	v.org.Fault = losing("POST", "/api/v2/oauth/clients")
	v.refused(logical.ReadOperation, "creds/crm", nil)
	v.clock.Advance(3 * time.Minute)
	v.org.Fault = always("GET", "/api/v2/oauth/clients", fake.Unavailable)
	wants(t, v.tick(), "HTTP 503")
	if len(v.keys("wal/")) != 1 {
		t.Error("the entry must stay")
	}
	v.org.Fault = nil
	v.settle(time.Minute)
	if len(v.made()) != 0 {
		t.Error("the orphan is still there")
	}
}

func TestMissingRolesAreNamed(t *testing.T) {
	for _, drops := range []bool{false, true} {
		v := configured(t)
		v.org.DropsGrants = drops
		const lacking = "cccccccc-0000-4000-8000-000000000003"
		v.must("roles/other", map[string]any{"role_divisions": lacking + ":*", "allow_creds": true})
		wants(t, v.refused(logical.ReadOperation, "creds/other", nil), "na-prod", "role other", "the role "+lacking+" in division *", v.master.ID)
		if len(v.made()) != 0 || len(v.keys("wal/")) != 0 {
			t.Errorf("drops %t: something is left", drops)
		}
	}
}

func TestCeilings(t *testing.T) {
	v := configured(t, map[string]any{"most_leases": 3})
	for range 3 {
		v.read("creds/crm")
	}
	wants(t, v.refused(logical.ReadOperation, "creds/crm", nil), "3 leased clients", "most_leases is 3")
	v.must("roles/crm", map[string]any{"most_leases": 100})
	v.must("config", map[string]any{"most_clients": 10})
	v.org.ListLag = time.Hour
	for range 2 {
		v.read("creds/crm")
	}
	v.clock.Advance(2 * time.Minute)
	wants(t, v.refused(logical.ReadOperation, "creds/crm", nil), "it has 9 OAuth clients", "most_clients is 10", "up to 9")
	// Rotations have room where leases have none.
	v.read("token/crm")
	wants(t, v.refused(logical.UpdateOperation, "roles/crm/rotate", nil), "it has 10 OAuth clients")
	if v.org.Most() != 10 {
		t.Errorf("%d clients at once", v.org.Most())
	}
}

func TestRenew(t *testing.T) {
	v := configured(t, map[string]any{"ttl": 3600, "max_ttl": 7200})
	response := v.read("creds/crm")
	id := response.Data["client_id"].(string)
	v.settle(9 * time.Minute)
	v.renew(response.Secret, 0)
	v.settle(50 * time.Minute)
	if v.org.Client(id).State() != "active" {
		t.Fatal("a renewed lease must keep its client")
	}
	// Vault lost the lease: it never revokes.
	v.settle(20 * time.Minute)
	if v.org.Client(id).State() != "inactive" {
		t.Error("a lease that Vault lost must end by itself")
	}
	wants(t, failed(v.lease(logical.RenewOperation, response.Secret)), "was removed")
}

func TestRevokeIsTriedAgain(t *testing.T) {
	v := configured(t)
	response := v.read("creds/crm")
	id := response.Data["client_id"].(string)
	v.org.Fault = always("PUT", "/api/v2/oauth/clients", fake.Unavailable)
	wants(t, failed(v.lease(logical.RevokeOperation, response.Secret)), "na-prod", id, "HTTP 503")
	v.org.Fault = nil
	v.settle(0)
	if v.org.Client(id).State() != "inactive" {
		t.Error("tidy must go on with it")
	}
	v.revoke(response.Secret)
}

func TestALeaseWithoutARecordNeedsTheMark(t *testing.T) {
	v := configured(t)
	response := v.read("creds/crm")
	key := response.Secret.InternalData["key"].(string)
	if err := v.storage.Delete(t.Context(), "clients/crm/"+key); err != nil {
		t.Fatal(err)
	}
	forged := *response.Secret
	forged.InternalData = map[string]any{"secret_type": credsType, "key": key, "role": "crm", "client_id": v.foreign[0].ID}
	v.revoke(&forged)
	v.untouched()
	v.revoke(response.Secret)
	if v.org.Client(response.Data["client_id"].(string)).State() != "inactive" {
		t.Error("the client with the mark must be deactivated")
	}
}

func TestTooManyIsWaitedFor(t *testing.T) {
	v := configured(t)
	done := false
	v.org.Fault = func(r fake.Request) fake.Fault {
		if r.Method == "POST" && r.Path == "/api/v2/oauth/clients" && !done {
			done = true
			return fake.TooMany
		}
		return fake.None
	}
	v.read("creds/crm")
	if len(v.made()) != 1 {
		t.Errorf("%d clients", len(v.made()))
	}
}

func TestAClientThatAnotherNodeMayBeHandingOutIsLeftAlone(t *testing.T) {
	v := configured(t)
	response := v.read("creds/crm")
	key := response.Secret.InternalData["key"].(string)
	made, err := findRecord(t.Context(), v.storage, "crm", key)
	if err != nil {
		t.Fatal(err)
	}
	made.Issued = false
	if err := store(t.Context(), v.storage, made.path(), made); err != nil {
		t.Fatal(err)
	}
	v.restart()
	v.settle(walAge - time.Minute)
	if state := v.org.Client(made.ID).State(); state != "active" {
		t.Error("it must be left alone while the other node may be at work")
	}
	v.settle(time.Minute)
	if state := v.org.Client(made.ID).State(); state == "active" {
		t.Error("it must be removed after that")
	}
}

func TestRequestsAtTheSameTimeCountAsLeases(t *testing.T) {
	v := configured(t, map[string]any{"most_leases": 1})
	asked := false
	v.org.Fault = func(r fake.Request) fake.Fault {
		if !asked && r.Method == "POST" && r.Path == "/api/v2/oauth/clients" {
			asked = true
			wants(t, v.refused(logical.ReadOperation, "creds/crm", nil), "1 leased clients")
		}
		return fake.None
	}
	v.read("creds/crm")
	if len(v.made()) != 1 {
		t.Errorf("%d clients", len(v.made()))
	}
}

func TestALongerTokenLifetimeIsWaitedFor(t *testing.T) {
	v := configured(t)
	response := v.read("creds/crm")
	id := response.Data["client_id"].(string)
	v.org.Change(id, map[string]any{"accessTokenValiditySeconds": 7200.0})
	v.revoke(response.Secret)
	v.settle(2 * time.Hour)
	if state := v.org.Client(id).State(); state != "inactive" {
		t.Errorf("it is %s while its tokens may work", state)
	}
	v.settle(11 * time.Minute)
	if state := v.org.Client(id).State(); state != "deleted" {
		t.Errorf("it is %s", state)
	}
}

func TestALostClientIsNotLookedUpOnAnOlderList(t *testing.T) {
	v := configured(t)
	v.read("creds/crm")
	v.org.ListLag = 118 * time.Second
	v.org.Fault = always("POST", "/api/v2/oauth/clients", fake.AnswerLost)
	v.refused(logical.ReadOperation, "creds/crm", nil)
	v.clock.Advance(10 * time.Second)
	v.refused(logical.ReadOperation, "creds/crm", nil)
	v.org.Fault = nil
	v.clock.Advance(115 * time.Second)
	wants(t, v.tick(), "may not show")
	v.settle(6 * time.Second)
	if len(v.made()) != 1 {
		t.Errorf("%d clients, want the leased one", len(v.made()))
	}
}

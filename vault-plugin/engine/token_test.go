package engine

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/vault/sdk/logical"

	"github.com/OWNER/cdktf-genesys-orgs/vault-plugin/fake"
)

func TestATokenWorksUntilItsLeaseEnds(t *testing.T) {
	v := configured(t)
	one, other := v.read("token/crm"), v.read("token/crm")
	if len(v.made()) != 1 {
		t.Fatalf("%d clients, want one for the role", len(v.made()))
	}
	if strings.Contains(fmt.Sprint(one.Data, one.Secret.InternalData), "the-secret-of-client") {
		t.Error("the client's secret left Vault")
	}
	if one.Secret.Renewable || one.Secret.TTL > time.Hour {
		t.Errorf("renewable %t, ttl %s", one.Secret.Renewable, one.Secret.TTL)
	}
	v.revoke(one.Secret)
	if v.org.Works(one.Data["access_token"].(string)) || !v.org.Works(other.Data["access_token"].(string)) {
		t.Error("the revoked token must end, the other must work")
	}
	v.revoke(one.Secret)
	v.org.Forget()
	v.clock.Advance(2 * time.Hour)
	v.revoke(other.Secret)
	if n := v.calls(""); n != 0 {
		t.Errorf("%d calls to end a token that has ended", n)
	}
}

func TestTheClientOfARoleIsRotated(t *testing.T) {
	v := configured(t)
	before := v.read("token/crm")
	v.settle(7*day - time.Minute)
	if len(v.made()) != 1 {
		t.Fatal("it was rotated too early")
	}
	v.clock.Advance(-time.Minute)
	late := v.read("token/crm").Data["access_token"].(string)
	v.settle(2 * time.Minute)
	after := v.read("token/crm")
	old := before.Data["client_id"].(string)
	if after.Data["client_id"] == old {
		t.Fatal("it was not rotated")
	}
	if v.org.Client(old).State() != "inactive" || !v.org.Works(late) {
		t.Error("the former client must be inactive, and its tokens work")
	}
	v.settle(2 * time.Hour)
	if v.org.Client(old).State() != "deleted" || len(v.made()) != 1 {
		t.Error("the former client must be deleted when its tokens have ended")
	}
	v.untouched()
}

func TestAFailedRotationKeepsThePresentClient(t *testing.T) {
	v := configured(t)
	before := v.read("token/crm")
	v.clock.Advance(7 * day)
	v.org.Fault = always("POST", "/api/v2/oauth/clients", fake.Unavailable)
	wants(t, v.tick(), "role crm was not rotated", "present one stays")
	if after := v.read("token/crm"); after.Data["client_id"] != before.Data["client_id"] {
		t.Error("the present client must be used")
	}
	if problem := v.tick(); strings.Contains(problem, "was not rotated") {
		t.Errorf("it must not be tried again at once: %s", problem)
	}
	v.org.Fault = nil
	v.settle(11 * time.Minute)
	if after := v.read("token/crm"); after.Data["client_id"] == before.Data["client_id"] {
		t.Error("the rotation must be tried again")
	}
}

func TestAChangedRoleGetsAnotherClient(t *testing.T) {
	v := configured(t)
	before := v.read("token/crm").Data["client_id"]
	v.must("roles/crm", map[string]any{"ttl": 600})
	if v.read("token/crm").Data["client_id"] != before {
		t.Error("another ttl needs no other client")
	}
	v.must("roles/crm", map[string]any{"role_divisions": roleB + ":*"})
	after := v.read("token/crm").Data["client_id"].(string)
	if after == before {
		t.Fatal("the token has the former roles")
	}
	wants(t, fmt.Sprint(v.org.Client(after).Fields["roleDivisions"]), roleB)
}

func TestWhatAPersonDeactivatedStaysSo(t *testing.T) {
	v := configured(t)
	id := v.read("token/crm").Data["client_id"].(string)
	v.org.Change(id, map[string]any{"state": "inactive"})
	wants(t, v.refused(logical.ReadOperation, "token/crm", nil), "na-prod", "role crm", id, "roles/crm/rotate", "invalid_client")
	if len(v.made()) != 1 {
		t.Error("no client must be made by itself")
	}
	v.must("roles/crm/rotate", nil)
	if v.read("token/crm").Data["client_id"] == id {
		t.Error("a new client must be used")
	}
}

func TestTheNextClientKeepsUnknownFields(t *testing.T) {
	v := configured(t)
	id := v.read("token/crm").Data["client_id"].(string)
	v.org.Change(id, map[string]any{"allowedIps": []any{"192.0.2.1"}})
	v.must("roles/crm/rotate", nil)
	next := v.read("token/crm").Data["client_id"].(string)
	wants(t, fmt.Sprint(v.org.Client(next).Fields["allowedIps"]), "192.0.2.1")
}

func TestAddressesAreWritten(t *testing.T) {
	v := configured(t)
	wants(t, v.refused(logical.UpdateOperation, "roles/crm", map[string]any{"allowed_addresses": "192.0.2.0/24"}), "address_field")
	v.must("config", map[string]any{"address_field": "allowedIps"})
	v.must("roles/crm", map[string]any{"allowed_addresses": "192.0.2.0/24,198.51.100.7"})
	for _, path := range []string{"token/crm", "creds/crm"} {
		id := v.read(path).Data["client_id"].(string)
		wants(t, fmt.Sprint(v.org.Client(id).Fields["allowedIps"]), "192.0.2.0/24 198.51.100.7")
	}
}

func TestNobodyWaitsForARotation(t *testing.T) {
	v := configured(t)
	before := v.read("token/crm").Data["client_id"]
	asked := false
	v.org.Fault = func(r fake.Request) fake.Fault {
		if !asked && r.Method == "POST" && r.Path == "/api/v2/oauth/clients" {
			asked = true
			// A read that waited for the rotation would never end.
			if v.read("token/crm").Data["client_id"] != before {
				t.Error("the present client must be used until the next one works")
			}
		}
		return fake.None
	}
	v.must("roles/crm/rotate", nil)
	if !asked || v.read("token/crm").Data["client_id"] == before {
		t.Error("it must be rotated")
	}
}

func TestATokenOfAClientThatIsJustReplaced(t *testing.T) {
	v := configured(t)
	before := v.read("token/crm").Data["client_id"].(string)
	replaced := false
	v.org.Fault = func(r fake.Request) fake.Fault {
		// Between the look at the client and its login, it is rotated and retired.
		if !replaced && r.Path == "/oauth/token" && r.Client == before {
			replaced = true
			v.must("roles/crm/rotate", nil)
			v.must("tidy", nil)
		}
		return fake.None
	}
	if after := v.read("token/crm").Data["client_id"]; after == before || !replaced {
		t.Error("the next client must be used")
	}
}

func TestALoginThatFailsLeavesNothingToLookUp(t *testing.T) {
	v := configured(t)
	v.read("creds/crm")
	// The token of the master ends, and then the login fails just before the create.
	v.clock.Advance(24 * time.Hour)
	// No list for the ceiling comes before it.
	v.engine.ceiling.listed = v.clock.Now()
	v.org.Fault = always("POST", "/oauth/token", fake.Unavailable)
	wants(t, v.refused(logical.ReadOperation, "creds/crm", nil), "POST /oauth/token", "HTTP 503")
	if wal := v.keys("wal/"); len(wal) != 0 {
		t.Errorf("%v: the create was never sent", wal)
	}
}

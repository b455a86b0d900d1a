package engine

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/vault/sdk/logical"

	"github.com/OWNER/cdktf-genesys-orgs/vault-plugin/fake"
)

const notSent = "not sent: too many calls failed in the last minute; try again in"

// down lets the whole API fail, but not the login, until the breaker is open.
func (v *vault) down() {
	v.t.Helper()
	v.org.Fault = always("", "/api/", fake.Unavailable)
	for range 20 {
		if strings.Contains(v.refused(logical.UpdateOperation, "config", v.config()), notSent) {
			return
		}
	}
	v.t.Fatal("the breaker is not open")
}

func TestAStormWhileGenesysCloudIsDown(t *testing.T) {
	for path, failing := range map[string]string{"creds/crm": "/api/", "token/crm": "/oauth/token"} {
		v := configured(t, map[string]any{"most_leases": 1000})
		v.read("token/crm")
		var sent, refused atomic.Int32
		v.org.Fault = func(r fake.Request) fake.Fault {
			if !strings.HasPrefix(r.Path, failing) {
				return fake.None
			}
			sent.Add(1)
			return fake.Unavailable
		}
		var wait sync.WaitGroup
		for range 200 {
			wait.Go(func() {
				problem := failed(v.do(logical.ReadOperation, path, nil))
				wants(t, problem, "na-prod", "role crm")
				if strings.Contains(problem, notSent) {
					refused.Add(1)
				}
			})
		}
		wait.Wait()
		t.Logf("%s: 200 requests, %d of them refused by the breaker; %d calls were sent", path, refused.Load(), sent.Load())
		if refused.Load() < 100 || sent.Load() > 100 {
			t.Error("the breaker must stop a storm")
		}
	}
}

func TestWhatAnOpenBreakerRefusesIsDoneLater(t *testing.T) {
	v := configured(t)
	leased := v.read("creds/crm")
	v.org.Fault = losing("POST", "/api/v2/oauth/clients")
	v.refused(logical.ReadOperation, "creds/crm", nil)
	v.clock.Advance(walAge)
	v.renew(leased.Secret, 0)
	v.down()
	v.org.Fault = nil
	wants(t, v.refused(logical.ReadOperation, "creds/crm", nil), "na-prod", "role crm", notSent)
	wants(t, failed(v.lease(logical.RevokeOperation, leased.Secret)), "na-prod", "tried again", notSent)
	wants(t, v.tick(), notSent)
	if len(v.keys("wal/")) != 1 || len(v.made()) != 2 {
		t.Errorf("%v, %d clients", v.keys("wal/"), len(v.made()))
	}
	v.settle(31 * time.Second)
	if len(v.keys("wal/")) != 0 {
		t.Error("the lost client must be looked up")
	}
	if made := v.made(); len(made) != 1 || made[0].State() != "inactive" {
		t.Errorf("the revoked client must be deactivated: %v", made)
	}
	v.untouched()
}

func TestABreakerIsThatOfOneAddress(t *testing.T) {
	v := configured(t)
	v.down()
	v.org.Fault = nil
	elsewhere := v.config()
	elsewhere["region"] = "us-east-1"
	v.must("config", elsewhere)
	v.read("token/crm")
}

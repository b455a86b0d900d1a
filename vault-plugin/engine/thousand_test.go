package engine

import (
	"slices"
	"testing"
	"time"
)

const thousand = 1000

// bill is what was asked of Genesys Cloud.
type bill struct {
	// Calls of the Platform API by the master, without lists; pages of lists; and calls by other clients.
	master, lists, others int
	// Logins of clients other than the master.
	logins int
}

func (v *vault) bill() bill {
	var total bill
	for _, call := range v.org.Calls() {
		ofMaster, login := call.Client == v.master.ID, call.Path == "/oauth/token"
		switch {
		case login && !ofMaster:
			total.logins++
		case !login && !ofMaster:
			total.others++
		case !login && call.Method == "GET" && call.Path == "/api/v2/oauth/clients":
			total.lists++
		case !login:
			total.master++
		}
	}
	return total
}

// leaseAndRevoke gets and revokes leases one after the other, and logs how long a read takes on the clock.
func (v *vault) leaseAndRevoke(path string, afterwards func()) {
	v.t.Helper()
	took := make([]time.Duration, thousand)
	for i := range took {
		started := v.clock.Now()
		secret := v.read(path).Secret
		took[i] = v.clock.Now().Sub(started)
		v.revoke(secret)
		afterwards()
	}
	slices.Sort(took)
	v.t.Logf("%s: a read takes %s (median), %s (p95), %s (longest)", path, took[thousand/2], took[thousand*95/100], took[thousand-1])
}

func TestAThousandLeasedClientsCostFourCallsOfTheMasterEach(t *testing.T) {
	const ceiling = 40
	v := configured(t)
	v.must("config", map[string]any{"most_clients": ceiling})
	v.org.LoginLag, v.org.ListLag = 12*time.Second, 12*time.Second
	v.org.Forget()
	v.leaseAndRevoke("creds/crm", func() {
		// Inactive clients count as well, until their tokens have ended.
		if len(v.keys("retired/")) == 30 {
			v.settle(2 * time.Hour)
		}
	})
	v.settle(2 * time.Hour)
	cost := v.bill()
	t.Logf("%d leases: %d calls of the master and %d of the leased clients; apart from that %d pages of lists for the ceiling, and %d polls of logins that did not know a client yet",
		thousand, cost.master, cost.others, cost.lists, cost.logins-thousand)
	t.Logf("most clients at once %d, ceiling %d; calls above Genesys Cloud's limit %d", v.org.Most(), ceiling, v.org.Refused())
	if cost.master > 4*thousand || cost.others > thousand {
		t.Errorf("%d calls of the master, %d of the leased clients", cost.master, cost.others)
	}
	// Once an hour, on one page or two.
	if cost.lists > 2*int(thousand/30+1) || cost.logins > 4*thousand {
		t.Errorf("%d pages of lists, %d logins", cost.lists, cost.logins)
	}
	if v.org.Most() > ceiling || v.org.Refused() > 0 {
		t.Errorf("%d clients at once, %d calls refused", v.org.Most(), v.org.Refused())
	}
	if n := len(v.made()); n != 0 {
		t.Errorf("%d clients are left", n)
	}
	v.untouched()
}

func TestAThousandTokensCostOneCallEach(t *testing.T) {
	v := configured(t)
	v.read("token/crm")
	v.org.Forget()
	v.leaseAndRevoke("token/crm", func() {})
	cost := v.bill()
	t.Logf("%d leases: %d calls of the master, %d of the role's client, which end tokens, and %d logins; calls above Genesys Cloud's limit %d",
		thousand, cost.master, cost.others, cost.logins, v.org.Refused())
	if cost.master+cost.lists > 0 || cost.others > thousand || cost.logins > thousand || v.org.Refused() > 0 {
		t.Errorf("%+v, %d refused", cost, v.org.Refused())
	}
	if n := len(v.made()); n != 1 {
		t.Errorf("%d clients, want one for the role", n)
	}
}

package engine

import (
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/vault/sdk/logical"
)

// TestALeaseStorm asks for many leases at once, while the master and the role's client are replaced.
func TestALeaseStorm(t *testing.T) {
	v := configured(t, map[string]any{"most_leases": 60})
	v.must("config", map[string]any{"most_clients": 50})
	var wait sync.WaitGroup
	var mu sync.Mutex
	var leases []*logical.Secret
	refused := 0
	for range 100 {
		for _, path := range []string{"creds/crm", "token/crm"} {
			wait.Add(1)
			go func() {
				defer wait.Done()
				response, err := v.do(logical.ReadOperation, path, nil)
				mu.Lock()
				defer mu.Unlock()
				if failed(response, err) != "" {
					refused++
					return
				}
				leases = append(leases, response.Secret)
			}()
		}
	}
	for range 3 {
		wait.Add(2)
		go func() { defer wait.Done(); v.must("config/rotate-root", nil) }()
		go func() { defer wait.Done(); v.must("tidy", nil) }()
	}
	wait.Wait()
	t.Logf("%d leases, %d refused, most clients at once %d, calls refused by Genesys Cloud %d", len(leases), refused, v.org.Most(), v.org.Refused())
	if v.org.Most() > 50 {
		t.Errorf("%d clients at once, above the ceiling of 50", v.org.Most())
	}
	if refused == 0 || len(leases) < 100 {
		t.Errorf("%d leases, %d refused", len(leases), refused)
	}
	if v.org.Refused() > 0 {
		t.Errorf("%d calls were above Genesys Cloud's limit", v.org.Refused())
	}
	for _, secret := range leases {
		wait.Add(1)
		go func() {
			defer wait.Done()
			if problem := failed(v.lease(logical.RevokeOperation, secret)); problem != "" {
				t.Error(problem)
			}
		}()
	}
	wait.Wait()
	v.settle(time.Minute)
	v.settle(26 * time.Hour)
	v.settle(time.Minute)
	// The role's client and the master in use.
	if n := len(v.made()); n != 2 {
		t.Errorf("%d clients are left, want 2", n)
	}
	v.untouched()
}

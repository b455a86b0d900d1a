package engine

import (
	"testing"
	"time"

	"github.com/hashicorp/vault/sdk/framework"
	"github.com/hashicorp/vault/sdk/logical"
)

func TestByDefaultALostLeaseEndsWithinTheWALsAge(t *testing.T) {
	if roleDefaults.FirstTTL+leaseGrace > walAge {
		t.Errorf("first_ttl %s and the grace %s are longer than the WAL's age %s", roleDefaults.FirstTTL, leaseGrace, walAge)
	}
	v := configured(t)
	v.org.LoginLag = 40 * time.Second
	intended := v.clock.Now()
	id := v.read("creds/crm").Data["client_id"].(string)
	// Vault is killed before it stores the lease, and starts again.
	v.restart()
	v.settle(intended.Add(walAge - time.Second).Sub(v.clock.Now()))
	if state := v.org.Client(id).State(); state != "active" {
		t.Errorf("it is %s while someone may have it", state)
	}
	v.settle(time.Second)
	if state := v.org.Client(id).State(); state != "inactive" {
		t.Errorf("it is %s, older than the WAL's age", state)
	}
	v.settle(71 * time.Minute)
	if n := len(v.made()); n != 0 {
		t.Errorf("%d clients are left", n)
	}
}

func TestARenewalShowsThatVaultHasTheLease(t *testing.T) {
	v := configured(t)
	response := v.read("creds/crm")
	v.settle(9 * time.Minute)
	v.renew(response.Secret, 0)
	v.settle(time.Hour)
	if state := v.org.Client(response.Data["client_id"].(string)).State(); state != "active" {
		t.Errorf("it is %s, but its lease was renewed for an hour", state)
	}
}

func TestARenewalCountsFromNowAlsoIfThatIsShorter(t *testing.T) {
	for increment, lasts := range map[time.Duration]time.Duration{
		time.Minute: time.Minute, 3 * time.Hour: 3 * time.Hour, 48 * time.Hour: day,
	} {
		v := configured(t, map[string]any{"first_ttl": 3600})
		response := v.read("creds/crm")
		id := response.Data["client_id"].(string)
		v.renew(response.Secret, increment)
		v.settle(lasts + leaseGrace - time.Minute)
		if state := v.org.Client(id).State(); state != "active" {
			t.Errorf("renewed for %s: it is %s too early", increment, state)
		}
		v.settle(time.Minute)
		if state := v.org.Client(id).State(); state != "inactive" {
			t.Errorf("renewed for %s: it is %s", increment, state)
		}
	}
}

func TestHowLongLeasesLast(t *testing.T) {
	const m = time.Minute
	for name, example := range map[string]struct {
		role                  map[string]any
		mountTTL, mountMax    time.Duration
		first, further, token time.Duration
	}{
		"by default":                         {nil, 768 * time.Hour, 768 * time.Hour, 10 * m, 60 * m, 60 * m},
		"a short ttl":                        {map[string]any{"ttl": "5m"}, 60 * m, day, 5 * m, 5 * m, 5 * m},
		"consumers that cannot renew":        {map[string]any{"first_ttl": "2h", "ttl": "2h"}, 60 * m, day, 120 * m, 120 * m, 60 * m},
		"no first_ttl above ttl":             {map[string]any{"first_ttl": "2h", "ttl": "30m"}, 60 * m, day, 30 * m, 30 * m, 30 * m},
		"no ttl above max_ttl":               {map[string]any{"max_ttl": "3m"}, 60 * m, day, 3 * m, 3 * m, 3 * m},
		"the mount's default":                {nil, 7 * m, day, 7 * m, 7 * m, 7 * m},
		"the role's ttl before the mount's":  {map[string]any{"ttl": "2h"}, 7 * m, day, 10 * m, 120 * m, 60 * m},
		"the mount's max":                    {map[string]any{"ttl": "2h"}, 2 * m, 2 * m, 2 * m, 2 * m, 2 * m},
		"ttl=0 is the mount's default again": {map[string]any{"ttl": 0}, 7 * m, day, 7 * m, 7 * m, 7 * m},
	} {
		v := configured(t, example.role)
		v.mount = logical.StaticSystemView{DefaultLeaseTTLVal: example.mountTTL, MaxLeaseTTLVal: example.mountMax}
		v.restart()
		secret := v.read("creds/crm").Secret
		if got := v.granted(secret); got != example.first || secret.TTL != got || !secret.Renewable {
			t.Errorf("%s: the first lease lasts %s, renewable %t; want %s", name, got, secret.Renewable, example.first)
		}
		if got := v.granted(v.renew(secret, 0)); got != example.further {
			t.Errorf("%s: a renewed lease lasts %s, want %s", name, got, example.further)
		}
		token := v.read("token/crm").Secret
		if got := v.granted(token); got != example.token || token.Renewable {
			t.Errorf("%s: a token's lease lasts %s, want %s", name, got, example.token)
		}
	}
}

// granted returns how long Vault lets a new lease last. A new lease of the engine needs no warning.
func (v *vault) granted(secret *logical.Secret) time.Duration {
	v.t.Helper()
	ttl, warnings, err := framework.CalculateTTL(v.mount, 0, secret.TTL, 0, secret.MaxTTL, 0, time.Time{})
	if err != nil || len(warnings) > 0 {
		v.t.Error(err, warnings)
	}
	return ttl
}

func TestAFirstLeaseOfSecondsIsRefused(t *testing.T) {
	v := configured(t)
	wants(t, v.refused(logical.UpdateOperation, "roles/crm", map[string]any{"first_ttl": 30}), "first_ttl 30s is not valid", "1m0s")
	v.must("roles/crm", map[string]any{"first_ttl": "20m"})
	if shown := v.read("roles/crm").Data["first_ttl"]; shown != 1200 {
		t.Errorf("first_ttl is shown as %v", shown)
	}
}

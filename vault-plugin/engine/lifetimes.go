package engine

import (
	"time"

	"github.com/hashicorp/vault/sdk/logical"
)

// The relation between the times is walAge = defaultFirstTTL + leaseGrace: by default, a client whose
// lease was lost lives no longer than one whose answer was lost.
const (
	// The first lease of a client is short: only a renewal shows that Vault has stored the lease.
	defaultFirstTTL = 10 * time.Minute
	// The engine ends a client by itself this long after its lease: Vault has lost the lease by then. A
	// request is a part of it, since leases count from the intent to make a client; Vault gives up a
	// request after 90 seconds.
	leaseGrace = 5 * time.Minute
	// Age from which a create without a known result is looked up in Genesys Cloud, and a client that was
	// never handed out is removed.
	walAge = defaultFirstTTL + leaseGrace

	// Lease of a role that names no ttl.
	defaultTTL = time.Hour
)

// mostTTL returns how long a lease may last with all its renewals: role and mount each have a limit.
func (r *role) mostTTL(mount logical.SystemView) time.Duration {
	return min(r.MaxTTL, mount.MaxLeaseTTL())
}

// ttl returns how long a lease lasts from now.
func (r *role) ttl(mount logical.SystemView) time.Duration {
	wanted := r.TTL
	if wanted == 0 {
		wanted = min(defaultTTL, mount.DefaultLeaseTTL())
	}
	return min(wanted, r.mostTTL(mount))
}

// firstTTL returns how long the first lease of a client lasts.
func (r *role) firstTTL(mount logical.SystemView) time.Duration {
	return min(r.FirstTTL, r.ttl(mount))
}

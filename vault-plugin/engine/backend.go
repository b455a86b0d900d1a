// Package engine is a Vault secrets engine for OAuth clients of one Genesys Cloud organisation.
package engine

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/hashicorp/vault/sdk/framework"
	"github.com/hashicorp/vault/sdk/helper/locksutil"
	"github.com/hashicorp/vault/sdk/logical"

	"github.com/OWNER/cdktf-genesys-orgs/vault-plugin/platform"
)

// Version is what `vault plugin info` shows.
const Version = "v0.1.0"

type backend struct {
	*framework.Backend
	http  http.RoundTripper
	clock platform.Clock

	// Held while the configuration changes.
	configuring sync.Mutex
	// Held while a role's client changes, by role.
	roles []*locksutil.LockEntry
	// Held while a record changes, by key.
	records []*locksutil.LockEntry

	connected connection
	// Breakers, by the address that is called.
	breakers  sync.Map
	ceiling   ceiling
	lately    lately
	making    keys
	admitting admission
	// Roles whose rotation failed, and when it is tried again.
	postponed times
}

// Factory makes the engine. Vault calls it for each mount.
func Factory(ctx context.Context, config *logical.BackendConfig) (logical.Backend, error) {
	return FactoryWith(platform.SystemClock{}, 1)(ctx, config)
}

// FactoryWith returns a factory of engines whose clock runs a number of times as fast as the machine's:
// tests with a real Vault server cannot wait.
func FactoryWith(clock platform.Clock, speed int) logical.Factory {
	return func(ctx context.Context, config *logical.BackendConfig) (logical.Backend, error) {
		transport := http.DefaultTransport.(*http.Transport).Clone()
		transport.MaxIdleConnsPerHost = 8
		b := newBackend(transport, clock)
		// The SDK compares it with the machine's time.
		b.WALRollbackMinAge /= time.Duration(speed)
		if err := b.Setup(ctx, config); err != nil {
			return nil, err
		}
		return b, nil
	}
}

func newBackend(transport http.RoundTripper, clock platform.Clock) *backend {
	b := &backend{
		http: transport, clock: clock,
		roles: locksutil.CreateLocks(), records: locksutil.CreateLocks(),
	}
	b.Backend = &framework.Backend{
		BackendType:    logical.TypeLogical,
		RunningVersion: Version,
		Help:           help,
		PathsSpecial: &logical.Paths{
			SealWrapStorage: []string{configKey, currentPrefix},
		},
		Paths: []*framework.Path{
			b.configPath(), b.rotateRootPath(),
			b.rolePath(), b.roleListPath(), b.rotateRolePath(),
			b.tokenPath(), b.credsPath(), b.tidyPath(),
		},
		Secrets:           []*framework.Secret{b.tokenSecret(), b.credsSecret()},
		PeriodicFunc:      b.periodic,
		WALRollback:       b.rollback,
		WALRollbackMinAge: walAge,
		Invalidate:        b.invalidate,
	}
	return b
}

// invalidate forgets what another node of the cluster has changed.
func (b *backend) invalidate(_ context.Context, key string) {
	if key == configKey {
		b.connected.forget()
	}
}

const help = `
Short-lived credentials for one Genesys Cloud organisation. The engine has one OAuth client, its master,
and makes further clients with it.

token/<role> returns an access token of a client that the engine owns and rotates: no client secret
leaves Vault. creds/<role> makes a client for the lease, and removes it when the lease ends; a role must
allow that.
`

func display(verb, suffix string) *framework.DisplayAttributes {
	return &framework.DisplayAttributes{
		OperationPrefix: "genesyscloud", OperationVerb: verb, OperationSuffix: suffix,
	}
}

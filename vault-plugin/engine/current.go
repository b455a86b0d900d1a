package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/vault/sdk/helper/locksutil"
	"github.com/hashicorp/vault/sdk/logical"

	"github.com/OWNER/cdktf-genesys-orgs/vault-plugin/platform"
)

// current is the client that token/<role> uses.
type current struct {
	Key    string    `json:"key"`
	ID     string    `json:"id"`
	Secret string    `json:"secret"`
	Made   time.Time `json:"made"`
	// Specification is what the role said when the client was made.
	Specification string `json:"specification"`
}

func (c *current) credential() platform.Credential {
	return platform.Credential{ClientID: c.ID, ClientSecret: c.Secret}
}

// currentClient returns the client of a role, and makes it if there is none, or if the role changed.
func (b *backend) currentClient(ctx context.Context, s logical.Storage, cfg *config, name string) (*current, error) {
	// Without the lock first: nobody waits while a client is rotated.
	if used, err := b.fittingClient(ctx, s, cfg, name); err != nil || used != nil {
		return used, err
	}
	lock := locksutil.LockForKey(b.roles, name)
	lock.Lock()
	defer lock.Unlock()
	if used, err := b.fittingClient(ctx, s, cfg, name); err != nil || used != nil {
		return used, err
	}
	return b.replace(ctx, s, cfg, name)
}

// fittingClient returns the client of a role; nil if there is none, or the role changed since.
func (b *backend) fittingClient(ctx context.Context, s logical.Storage, cfg *config, name string) (*current, error) {
	wanted, err := loadRole(ctx, s, name)
	if err != nil {
		return nil, err
	}
	used, err := load[current](ctx, s, currentPrefix+name)
	if err != nil || used == nil || used.Specification != wanted.specification(cfg) {
		return nil, err
	}
	return used, nil
}

// rotateClient gives a role a new client.
func (b *backend) rotateClient(ctx context.Context, s logical.Storage, cfg *config, name string) (*current, error) {
	lock := locksutil.LockForKey(b.roles, name)
	lock.Lock()
	defer lock.Unlock()
	return b.replace(ctx, s, cfg, name)
}

// replace makes a client and then uses it; the caller holds the role's lock. Tidy retires the client
// before, whose tokens work until they end.
func (b *backend) replace(ctx context.Context, s logical.Storage, cfg *config, name string) (*current, error) {
	// Read under the lock: a role that was deleted meanwhile must not get a client again.
	wanted, err := roleFor(ctx, s, cfg, name)
	if err != nil {
		return nil, err
	}
	used, err := load[current](ctx, s, currentPrefix+name)
	if err != nil {
		return nil, err
	}
	further := platform.Changes{}
	if used != nil {
		before, err := b.api(cfg).Client(ctx, used.ID)
		if err != nil {
			return nil, explain(ctx, cfg, b.api(cfg), name, nil, err)
		}
		if before != nil {
			further = before.Inherited()
			// The role says which addresses there are, also when it says none.
			delete(further, cfg.AddressField)
		}
	}
	for field, value := range wanted.addresses(cfg) {
		further[field] = value
	}
	made, credential, err := b.make(ctx, s, cfg, wish{
		kind: forRole, role: name, grants: wanted.grants(),
		tokenSeconds: int(wanted.TokenLifetime.Seconds()), further: further,
	})
	if err != nil {
		return nil, err
	}
	next := &current{made.Key, credential.ClientID, credential.ClientSecret, made.Made, wanted.specification(cfg)}
	if err := store(ctx, s, currentPrefix+name, next); err != nil {
		// It may be stored nevertheless. Tidy looks, and removes the client if it is not.
		return nil, err
	}
	made.Issued = true
	if err := store(ctx, s, made.path(), made); err != nil {
		b.Logger().Warn("a client's record is not up to date", "role", name, "error", err)
	}
	return next, nil
}

// rotateDue rotates the clients of roles whose period is over, and returns how many.
func (b *backend) rotateDue(ctx context.Context, s logical.Storage, cfg *config) (int, error) {
	names, err := s.List(ctx, currentPrefix)
	if err != nil {
		return 0, err
	}
	rotated := 0
	var failures []error
	for _, name := range names {
		used, err := load[current](ctx, s, currentPrefix+name)
		if err != nil || used == nil || b.clock.Now().Before(b.postponed.get(name)) {
			continue
		}
		wanted, err := load[role](ctx, s, rolePrefix+name)
		if err != nil || wanted == nil || b.clock.Now().Before(used.Made.Add(wanted.RotationPeriod)) {
			continue
		}
		if _, err := b.rotateClient(ctx, s, cfg, name); err != nil {
			b.postponed.put(name, b.clock.Now().Add(rotateAgain))
			failures = append(failures, fmt.Errorf("the client of role %s was not rotated, so the present one stays: %w", name, err))
			continue
		}
		rotated++
	}
	return rotated, errors.Join(failures...)
}

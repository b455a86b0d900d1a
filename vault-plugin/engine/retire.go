package engine

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/vault/sdk/helper/locksutil"
	"github.com/hashicorp/vault/sdk/logical"

	"github.com/OWNER/cdktf-genesys-orgs/vault-plugin/platform"
)

// Time added to the life of a client's tokens: a change is not known everywhere at once, and clocks
// differ.
const drainMargin = 10 * time.Minute

// retire does the next step of a client's end: it deactivates the client, so that it gets no new tokens,
// and deletes it when its last token has ended. It may be repeated at any time.
func (b *backend) retire(ctx context.Context, s logical.Storage, cfg *config, old *record) error {
	lock := locksutil.LockForKey(b.records, old.Key)
	lock.Lock()
	defer lock.Unlock()
	return b.nextStep(ctx, s, cfg, old)
}

// nextStep does the next step of a client's end; the caller holds the record's lock.
func (b *backend) nextStep(ctx context.Context, s logical.Storage, cfg *config, old *record) error {
	if old.ID == cfg.ClientID {
		return fmt.Errorf("org %s: client %s is the master in use, so it is not retired", cfg.Org, old.ID)
	}
	if err := markRetired(ctx, s, old); err != nil {
		return err
	}
	api := b.api(cfg)
	if old.Inactive.IsZero() {
		changed, err := api.Update(ctx, old.ID, platform.Changes{"state": platform.Inactive})
		if err != nil {
			return b.retireError(ctx, cfg, old, err)
		}
		if changed == nil && b.clock.Now().Before(old.Made.Add(listLag)) {
			return fmt.Errorf("org %s, role %s: Genesys Cloud does not know the new client %s yet; its removal is tried again", cfg.Org, old.Role, old.ID)
		}
		if changed == nil {
			return s.Delete(ctx, old.path())
		}
		if changed.State == platform.Active {
			return fmt.Errorf("org %s, role %s: Genesys Cloud left client %s active; it is tried again", cfg.Org, old.Role, old.ID)
		}
		old.Inactive = b.clock.Now()
		// Someone may have changed how long its tokens live.
		old.TokenSeconds = max(old.TokenSeconds, changed.TokenSeconds)
		if err := store(ctx, s, old.path(), old); err != nil {
			return err
		}
	}
	if b.clock.Now().Before(old.deleteFrom()) {
		return nil
	}
	if err := api.Delete(ctx, old.ID); err != nil {
		return b.retireError(ctx, cfg, old, err)
	}
	return s.Delete(ctx, old.path())
}

// markRetired moves a record to the retired ones. The new one is written first: a crash leaves both, and
// a retired one counts.
func markRetired(ctx context.Context, s logical.Storage, old *record) error {
	if old.Retired {
		return nil
	}
	before := old.path()
	old.Retired = true
	if err := store(ctx, s, old.path(), old); err != nil {
		return err
	}
	return s.Delete(ctx, before)
}

// deleteFrom returns the time from which no token of an inactive client works.
func (r *record) deleteFrom() time.Time {
	if r.AtOnce {
		return r.Inactive
	}
	life := time.Duration(r.TokenSeconds) * time.Second
	if life == 0 {
		life = platform.LongestToken
	}
	return r.Inactive.Add(life + drainMargin)
}

func (b *backend) retireError(ctx context.Context, cfg *config, old *record, err error) error {
	err = explain(ctx, cfg, b.api(cfg), old.Role, nil, err)
	return fmt.Errorf("client %s could not be removed yet, and it is tried again: %w", old.ID, err)
}

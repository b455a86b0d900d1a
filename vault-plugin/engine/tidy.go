package engine

import (
	"context"
	"errors"
	"time"

	"github.com/hashicorp/vault/sdk/helper/consts"
	"github.com/hashicorp/vault/sdk/helper/locksutil"
	"github.com/hashicorp/vault/sdk/logical"
)

const (
	// Steps of one run: they share the calls per minute with the leases.
	mostSteps = 40
	// A rotation that failed is tried again after this time.
	rotateAgain = 10 * time.Minute
	longestTidy = 5 * time.Minute
)

// tidied is what a run did.
type tidied struct {
	Clients int
	Steps   int
	Rotated int
	Left    int
}

// periodic is called by Vault each minute.
func (b *backend) periodic(ctx context.Context, req *logical.Request) error {
	state := b.System().ReplicationState()
	if state.HasState(consts.ReplicationPerformanceSecondary|consts.ReplicationPerformanceStandby) && !b.System().LocalMount() {
		return nil
	}
	cfg, err := load[config](ctx, req.Storage, configKey)
	if err != nil || cfg == nil {
		return err
	}
	_, err = b.tidy(ctx, req.Storage, cfg)
	return err
}

// tidy compares the records with what is in use: it retires clients that are not, goes on with those that
// are retired, and rotates the clients of roles that are due. A failure of one does not stop the others.
func (b *backend) tidy(ctx context.Context, s logical.Storage, cfg *config) (tidied, error) {
	ctx, cancel := context.WithTimeout(ctx, longestTidy)
	defer cancel()
	done := tidied{}
	records, err := allRecords(ctx, s)
	if err != nil {
		return done, err
	}
	var failures []error
	for _, each := range inTurn(b.clock.Now(), records) {
		// The master stays as long as there is a configuration.
		if each.ID != cfg.ClientID {
			done.Clients++
		}
		due, err := b.isDue(ctx, s, each)
		if err != nil {
			return done, err
		}
		if !due {
			continue
		}
		if done.Steps == mostSteps || ctx.Err() != nil {
			done.Left++
			continue
		}
		done.Steps++
		if err := b.retireAgain(ctx, s, each); err != nil {
			failures = append(failures, err)
		}
	}
	rotated, err := b.rotateDue(ctx, s, cfg)
	done.Rotated = rotated
	return done, errors.Join(append(failures, err)...)
}

// inTurn begins each minute at another record, so that all get their turn, whatever the others do.
func inTurn(now time.Time, records []*record) []*record {
	first := int(now.Unix()/60*7) % max(1, len(records))
	return append(append([]*record{}, records[first:]...), records[:first]...)
}

// isDue says whether a client has a step of its end before it now.
func (b *backend) isDue(ctx context.Context, s logical.Storage, each *record) (bool, error) {
	now := b.clock.Now()
	if each.Retired {
		return each.Inactive.IsZero() || !now.Before(each.deleteFrom()), nil
	}
	used, err := b.isUsed(ctx, s, each)
	return !used, err
}

// isUsed says whether someone uses a client, or may be about to.
func (b *backend) isUsed(ctx context.Context, s logical.Storage, each *record) (bool, error) {
	now := b.clock.Now()
	if b.making.has(each.Key) || !each.Issued && now.Before(each.Made.Add(walAge)) {
		return true, nil
	}
	switch each.kind() {
	case forLease:
		return each.Issued && now.Before(each.Ends.Add(leaseGrace)), nil
	case forRole:
		used, err := load[current](ctx, s, currentPrefix+each.Role)
		return err != nil || used != nil && used.Key == each.Key, err
	default:
		// The configuration may have changed since the run began.
		cfg, err := loadConfig(ctx, s)
		return err != nil || cfg.ClientID == each.ID, err
	}
}

// retireAgain does the next step of a client's end, if that is still right: other requests may have
// worked on it since the run began.
func (b *backend) retireAgain(ctx context.Context, s logical.Storage, each *record) error {
	cfg, err := loadConfig(ctx, s)
	if err != nil {
		return err
	}
	lock := locksutil.LockForKey(b.records, each.Key)
	lock.Lock()
	defer lock.Unlock()
	each, err = findRecord(ctx, s, each.Role, each.Key)
	if err != nil || each == nil {
		return err
	}
	due, err := b.isDue(ctx, s, each)
	if err != nil || !due {
		return err
	}
	return b.nextStep(ctx, s, cfg, each)
}

package platform_test

import (
	"context"
	"testing"
	"time"

	"github.com/OWNER/cdktf-genesys-orgs/vault-plugin/fake"
	"github.com/OWNER/cdktf-genesys-orgs/vault-plugin/platform"
)

// queued is a clock on which those who wait do so at the same time.
type queued struct {
	*fake.Clock
	waits []time.Duration
}

func (q *queued) Sleep(_ context.Context, d time.Duration) error {
	q.waits = append(q.waits, d)
	return nil
}

func TestAQueueThatIsTooLongIsRefusedAtOnce(t *testing.T) {
	clock := &queued{Clock: fake.NewClock()}
	limiter := platform.NewLimiter(clock)
	admitted := 0
	for range 1000 {
		if limiter.Take(ctx) == nil {
			admitted++
		}
	}
	// 50 at once, and those who are served within a minute.
	if admitted != 290 || len(clock.waits) != 240 {
		t.Errorf("%d calls were admitted, %d of them had to wait", admitted, len(clock.waits))
	}
	if last := clock.waits[len(clock.waits)-1]; last > time.Minute {
		t.Errorf("the last one waits %s", last)
	}
	clock.Advance(30 * time.Second)
	if err := limiter.Take(ctx); err != nil {
		t.Errorf("there is room again: %s", err)
	}
}

func TestAPauseLeavesNoBurst(t *testing.T) {
	clock := &queued{Clock: fake.NewClock()}
	limiter := platform.NewLimiter(clock)
	limiter.Pause(42 * time.Second)
	if err := limiter.Take(ctx); err != nil || len(clock.waits) != 1 || clock.waits[0] < 41*time.Second {
		t.Errorf("%v, waits %v", err, clock.waits)
	}
}

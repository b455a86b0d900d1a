package platform

import (
	"context"
	"time"
)

// Clock tells the time and waits. Tests have one of their own, so that no test waits.
type Clock interface {
	Now() time.Time
	// Sleep waits, unless the context ends first; then it returns the context's error.
	Sleep(ctx context.Context, d time.Duration) error
}

// SystemClock is the clock of the machine.
type SystemClock struct{}

// Now returns the machine's time.
func (SystemClock) Now() time.Time { return time.Now() }

// Sleep waits for a duration, or until the context ends.
func (SystemClock) Sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

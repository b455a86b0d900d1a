package platform

import (
	"context"
	"fmt"
	"sync"
	"time"
)

const (
	// Genesys Cloud allows 300 calls per minute and token (limit client.credentials.token.rate.per.minute).
	// A burst and what is allowed in the minute after it add up to a little less, whenever its minute begins:
	// calls are not equally long on their way.
	burst          = 50
	callsPerMinute = 240
	// A call that would wait longer is refused at once: whoever asked Vault has given up by then.
	longestQueue = 60 * time.Second
)

// Limiter spreads calls over time, so that Genesys Cloud need not refuse any: never
// more than 290 in any minute.
type Limiter struct {
	clock    Clock
	mu       sync.Mutex
	tokens   float64
	filledAt time.Time
}

// NewLimiter returns a limiter that allows 50 calls at once, and then 240 per minute.
func NewLimiter(clock Clock) *Limiter {
	return &Limiter{clock: clock, tokens: burst, filledAt: clock.Now()}
}

// Take waits until one more call may be sent. It fails at once when that would take too long.
func (l *Limiter) Take(ctx context.Context) error {
	l.mu.Lock()
	l.fill()
	wait := time.Duration(0)
	if l.tokens < 1 {
		wait = time.Duration((1 - l.tokens) * float64(time.Minute) / callsPerMinute)
	}
	if wait > longestQueue {
		l.mu.Unlock()
		return fmt.Errorf("not sent: the calls per minute that Genesys Cloud allows are used up for the next %d s; try again after that", int(wait.Seconds()))
	}
	// Taken before the wait, so that waiting calls are served one after the other.
	l.tokens--
	l.mu.Unlock()
	if wait == 0 {
		return ctx.Err()
	}
	return l.clock.Sleep(ctx, wait)
}

// Pause sends nothing for a while, and allows no burst afterwards: the API has refused a call. Its
// limit is shared with others, so a full bucket here does not mean that there is room.
func (l *Limiter) Pause(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.fill()
	l.tokens = min(l.tokens, 1-d.Minutes()*callsPerMinute)
}

func (l *Limiter) fill() {
	now := l.clock.Now()
	l.tokens = min(burst, l.tokens+now.Sub(l.filledAt).Minutes()*callsPerMinute)
	l.filledAt = now
}

package engine

import (
	"context"
	"sync"
	"time"

	"github.com/OWNER/cdktf-genesys-orgs/vault-plugin/platform"
)

// For this time, an answer is good enough for all lost clients of one run of Vault's rollback.
const latelyIs = 30 * time.Second

// lately is the last list of clients, or the reason why there is none. A hundred lost answers need one
// list, and not a hundred.
type lately struct {
	mu   sync.Mutex
	at   time.Time
	of   *platform.API
	list map[string]*platform.OAuthClient
	err  error
}

// clients returns the clients of the organisation as they were at a time or later.
func (l *lately) clients(ctx context.Context, api *platform.API, now, since time.Time) (map[string]*platform.OAuthClient, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.of != api || l.at.Before(since) || now.Sub(l.at) >= latelyIs {
		l.at, l.of = now, api
		l.list, l.err = api.Clients(ctx)
	}
	return l.list, l.err
}

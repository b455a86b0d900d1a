package engine

import (
	"context"
	"sync"
	"time"

	"github.com/hashicorp/vault/sdk/logical"

	"github.com/OWNER/cdktf-genesys-orgs/vault-plugin/platform"
)

const (
	// A list of clients is not asked for more often, however many requests are refused.
	listEvery = time.Minute
	// From this age on, a list says too little about the clients of others.
	listAge = time.Hour
	// Clients that leases leave for rotations.
	mostRoom = 5
)

// ceiling keeps the organisation's number of clients below a limit. It does not list the clients for
// each new one: it counts what was made since the last list, and never too little.
type ceiling struct {
	mu     sync.Mutex
	listed time.Time
	// Clients on the last list.
	count int
	// Clients that were made since, or that the list did not show yet.
	more int
	// Clients that are being made.
	pending int
}

// reserve makes room for one more client. The returned function says whether it was made. Leases leave a
// little room, so that masters and clients of roles can be rotated however many leases there are.
func (c *ceiling) reserve(
	ctx context.Context, s logical.Storage, cfg *config, api *platform.API, kind string, now time.Time,
) (settle func(made bool), err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	most := cfg.MostClients
	if kind == forLease {
		most -= min(mostRoom, most/10)
	}
	age := now.Sub(c.listed)
	if age >= listAge || age >= listEvery && c.sum() >= most {
		if err := c.list(ctx, s, api, now); err != nil {
			return nil, err
		}
	}
	if c.sum() >= most {
		return nil, refuse("org %s: it has %d OAuth clients; most_clients is %d, and this client may be made up to %d of them: no client was made. Revoke leases, delete clients that nobody needs, or raise most_clients in config if Genesys Cloud allows more", cfg.Org, c.sum(), cfg.MostClients, most)
	}
	c.pending++
	return func(made bool) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.pending--
		if made {
			c.more++
		}
	}, nil
}

func (c *ceiling) sum() int { return c.count + c.more + c.pending }

// list counts anew. The list lags behind: clients that are recorded and not on it count as well.
func (c *ceiling) list(ctx context.Context, s logical.Storage, api *platform.API, now time.Time) error {
	count, listed, err := api.CountClients(ctx)
	if err != nil {
		return err
	}
	records, err := allRecords(ctx, s)
	if err != nil {
		return err
	}
	c.listed, c.count, c.more = now, count, 0
	for _, each := range records {
		if listed[each.ID] == nil {
			c.more++
		}
	}
	return nil
}

// forget makes the next reservation count anew: the organisation may be another one.
func (c *ceiling) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.listed = time.Time{}
}

package main

import (
	"context"
	"time"

	"github.com/hashicorp/vault/sdk/logical"

	"github.com/OWNER/cdktf-genesys-orgs/vault-plugin/engine"
	"github.com/OWNER/cdktf-genesys-orgs/vault-plugin/platform"
)

// A minute lasts a second.
const speed = 60

// fastClock is a clock that runs faster than another one.
type fastClock struct {
	slow platform.Clock
	// Both show the same at this time.
	from time.Time
}

func (f fastClock) Now() time.Time { return f.from.Add(speed * f.slow.Now().Sub(f.from)) }

func (f fastClock) Sleep(ctx context.Context, d time.Duration) error {
	return f.slow.Sleep(ctx, d/speed)
}

// fastBackend is the engine as a slower Vault sees it.
type fastBackend struct {
	logical.Backend
	clock fastClock
}

func factory(clock fastClock) logical.Factory {
	return func(ctx context.Context, config *logical.BackendConfig) (logical.Backend, error) {
		backend, err := engine.FactoryWith(clock, speed)(ctx, config)
		return fastBackend{backend, clock}, err
	}
}

// HandleRequest translates the times of a lease.
func (f fastBackend) HandleRequest(ctx context.Context, req *logical.Request) (*logical.Response, error) {
	if req.Operation == logical.RenewOperation {
		now := f.clock.slow.Now()
		req.Secret.IssueTime = now.Add(-speed * now.Sub(req.Secret.IssueTime))
		req.Secret.Increment *= speed
	}
	response, err := f.Backend.HandleRequest(ctx, req)
	if response != nil && response.Secret != nil {
		response.Secret.TTL /= speed
		response.Secret.MaxTTL /= speed
	}
	return response, err
}

package main

import (
	"context"
	"time"

	"github.com/hashicorp/vault/sdk/logical"

	"github.com/OWNER/cdktf-genesys-orgs/vault-plugin/engine"
	"github.com/OWNER/cdktf-genesys-orgs/vault-plugin/platform"
)

// fastClock is a clock that runs faster than another one.
type fastClock struct {
	slow platform.Clock
	// Both show the same at this time.
	from time.Time
	// How many times as fast.
	speed time.Duration
}

func (f fastClock) Now() time.Time { return f.from.Add(f.speed * f.slow.Now().Sub(f.from)) }

func (f fastClock) Sleep(ctx context.Context, d time.Duration) error {
	return f.slow.Sleep(ctx, d/f.speed)
}

// fastBackend is the engine as a slower Vault sees it.
type fastBackend struct {
	logical.Backend
	clock fastClock
}

func factory(clock fastClock) logical.Factory {
	return func(ctx context.Context, config *logical.BackendConfig) (logical.Backend, error) {
		backend, err := engine.FactoryWith(clock, int(clock.speed))(ctx, config)
		return fastBackend{backend, clock}, err
	}
}

// HandleRequest translates the times of a lease.
func (f fastBackend) HandleRequest(ctx context.Context, req *logical.Request) (*logical.Response, error) {
	if req.Operation == logical.RenewOperation {
		now := f.clock.slow.Now()
		req.Secret.IssueTime = now.Add(-f.clock.speed * now.Sub(req.Secret.IssueTime))
		req.Secret.Increment *= f.clock.speed
	}
	response, err := f.Backend.HandleRequest(ctx, req)
	if response != nil && response.Secret != nil {
		response.Secret.TTL /= f.clock.speed
		response.Secret.MaxTTL /= f.clock.speed
	}
	return response, err
}

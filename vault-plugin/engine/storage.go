package engine

import (
	"context"

	"github.com/hashicorp/vault/sdk/logical"
)

// What is in storage, and where.
const (
	// The configuration, with the master's secret.
	configKey = "config"
	// roles/<role>: a role.
	rolePrefix = "roles/"
	// current/<role>: the client that token/<role> uses, with its secret.
	currentPrefix = "current/"
	// clients/<role>/<key>: a client that the engine made.
	clientPrefix = "clients/"
	// retired/<key>: a client that is to be deactivated and deleted.
	retiredPrefix = "retired/"
)

// load reads a value; nil if there is none.
func load[T any](ctx context.Context, s logical.Storage, key string) (*T, error) {
	entry, err := s.Get(ctx, key)
	if err != nil || entry == nil {
		return nil, err
	}
	var value T
	if err := entry.DecodeJSON(&value); err != nil {
		return nil, err
	}
	return &value, nil
}

func store(ctx context.Context, s logical.Storage, key string, value any) error {
	entry, err := logical.StorageEntryJSON(key, value)
	if err != nil {
		return err
	}
	return s.Put(ctx, entry)
}

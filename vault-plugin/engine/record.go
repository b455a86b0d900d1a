package engine

import (
	"context"
	"strings"
	"time"

	"github.com/hashicorp/go-uuid"
	"github.com/hashicorp/vault/sdk/logical"
)

// What a client was made for: the first letter of its key.
const (
	forLease  = "l"
	forRole   = "r"
	forMaster = "m"
)

// The clients of the master are kept under this name, which no role can have.
const masterRole = "-master"

// record is what the engine knows about a client that it made. Its id proves that the client is the
// engine's. It never has the secret.
type record struct {
	Key  string    `json:"key"`
	ID   string    `json:"id"`
	Name string    `json:"name"`
	Role string    `json:"role"`
	Made time.Time `json:"made"`
	// TokenSeconds is how long a token of the client lives at most.
	TokenSeconds int `json:"token_seconds"`
	// Issued says that someone got the client's secret or uses it.
	Issued bool `json:"issued,omitempty"`
	// Ends is when the lease ends.
	Ends time.Time `json:"ends,omitzero"`
	// AtOnce deletes the client without waiting for the end of its tokens.
	AtOnce bool `json:"at_once,omitempty"`
	// Retired says that the client is to be deactivated and deleted.
	Retired bool `json:"retired,omitempty"`
	// Inactive is when the client was deactivated.
	Inactive time.Time `json:"inactive,omitzero"`
}

func newKey(kind string) (string, error) {
	id, err := uuid.GenerateUUID()
	return kind + strings.ReplaceAll(id, "-", ""), err
}

func (r *record) kind() string { return r.Key[:1] }

func (r *record) path() string {
	if r.Retired {
		return retiredPrefix + r.Key
	}
	return clientPrefix + r.Role + "/" + r.Key
}

// nameOf returns the name of a client: people recognise it, and the key makes it unique.
func nameOf(role, key string) string { return "vault-" + strings.TrimPrefix(role, "-") + "#" + key }

// markOf returns the description of a client. Together with the name it is the mark by which the engine
// finds a client again whose id it did not get to know. Nobody knows the key before the client exists.
func markOf(cfg *config, role, key string) string {
	return "vault:" + cfg.Mount + ":" + cfg.Instance + ":" + role + ":" + key
}

// findRecord returns the record of a key; nil if there is none. A retired one counts first: a crash
// between two writes may leave both.
func findRecord(ctx context.Context, s logical.Storage, role, key string) (*record, error) {
	found, err := load[record](ctx, s, retiredPrefix+key)
	if err != nil || found != nil {
		return found, err
	}
	return load[record](ctx, s, clientPrefix+role+"/"+key)
}

// allRecords returns the records of all clients, the retired ones last.
func allRecords(ctx context.Context, s logical.Storage) ([]*record, error) {
	var keys []string
	roles, err := s.List(ctx, clientPrefix)
	if err != nil {
		return nil, err
	}
	for _, role := range append(roles, "") {
		prefix := clientPrefix + role
		if role == "" {
			prefix = retiredPrefix
		}
		names, err := s.List(ctx, prefix)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			keys = append(keys, prefix+name)
		}
	}
	var records []*record
	for _, key := range keys {
		found, err := load[record](ctx, s, key)
		if err != nil {
			return nil, err
		}
		if found != nil {
			records = append(records, found)
		}
	}
	return records, nil
}

// leasesOf returns how many clients of a role are leased, without those that are being made.
func leasesOf(ctx context.Context, s logical.Storage, role string, making *keys) (int, error) {
	names, err := s.List(ctx, clientPrefix+role+"/")
	count := 0
	for _, name := range names {
		if strings.HasPrefix(name, forLease) && !making.has(name) {
			count++
		}
	}
	return count, err
}

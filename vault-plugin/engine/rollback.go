package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/hashicorp/vault/sdk/logical"

	"github.com/OWNER/cdktf-genesys-orgs/vault-plugin/platform"
)

// A younger client may not be on the list yet, nor be known by its id.
const listLag = 2 * time.Minute

// rollback looks up a client whose answer was lost, and removes it. An error keeps the entry, and Vault
// asks again a minute later.
func (b *backend) rollback(ctx context.Context, req *logical.Request, kind string, data any) error {
	if kind != walKind {
		return fmt.Errorf("a WAL entry has the unknown kind %q", kind)
	}
	var lost intent
	encoded, err := json.Marshal(data)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(encoded, &lost); err != nil {
		return err
	}
	if b.making.has(lost.Key) {
		return fmt.Errorf("client %s is being made", lost.Key)
	}
	// With a record, the client is no longer lost: tidy knows what to do.
	found, err := findRecord(ctx, req.Storage, lost.Role, lost.Key)
	if err != nil || found != nil {
		return err
	}
	cfg, err := loadConfig(ctx, req.Storage)
	if err != nil {
		return err
	}
	if cfg.OrgID != lost.OrgID {
		return fmt.Errorf("org %s: a client for role %s may have been made in organisation %s, but org_id is %s now: configure the former to have it looked up", cfg.Org, lost.Role, lost.OrgID, cfg.OrgID)
	}
	if b.clock.Now().Before(lost.At.Add(listLag)) {
		return fmt.Errorf("org %s, role %s: the list of clients may not show client %s yet: try again in %s", cfg.Org, lost.Role, nameOf(lost.Role, lost.Key), listLag)
	}
	return b.removeLost(ctx, req.Storage, cfg, lost)
}

// removeLost finds a client by its mark. A mark can be copied, so the creator must be one of the engine's
// masters; where Genesys Cloud does not say who it was, the mark must be there once.
func (b *backend) removeLost(ctx context.Context, s logical.Storage, cfg *config, lost intent) error {
	clients, err := b.lately.clients(ctx, b.api(cfg), b.clock.Now(), lost.At.Add(listLag))
	if err != nil {
		return inOrg(cfg, err)
	}
	name, mark := nameOf(lost.Role, lost.Key), markOf(cfg, lost.Role, lost.Key)
	var marked, proven []*platform.OAuthClient
	for _, client := range clients {
		if client.Name != name || client.Description != mark || client.State == platform.Deleted {
			continue
		}
		marked = append(marked, client)
		if client.CreatedBy != nil && slices.Contains(cfg.Masters, client.CreatedBy.ID) {
			proven = append(proven, client)
		}
	}
	if len(proven) == 0 && len(marked) == 1 && marked[0].CreatedBy == nil {
		proven = marked
	}
	if len(proven) != len(marked) {
		b.Logger().Warn("clients have a mark of this engine, and someone else made them: they are left alone",
			"org", cfg.Org, "name", name, "clients", len(marked)-len(proven))
	}
	for _, client := range proven {
		removed := &record{
			// A key of its own: there may be two, if something between here and there repeated the call.
			Key: lost.Key + "-" + client.ID, ID: client.ID, Name: name, Role: lost.Role, Made: lost.At,
			TokenSeconds: client.TokenSeconds, AtOnce: true,
		}
		if err := b.retire(ctx, s, cfg, removed); err != nil {
			return err
		}
	}
	return nil
}

package engine

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/vault/sdk/framework"
	"github.com/hashicorp/vault/sdk/logical"

	"github.com/OWNER/cdktf-genesys-orgs/vault-plugin/platform"
)

const walKind = "client"

// intent is written before a client is made: a WAL entry of Vault. If no record follows, the client is
// looked up by its mark, and removed.
type intent struct {
	Key   string    `json:"key"`
	Role  string    `json:"role"`
	OrgID string    `json:"org_id"`
	At    time.Time `json:"at"`
}

// wish is a client to be made.
type wish struct {
	kind         string
	role         string
	grants       []platform.RoleDivision
	tokenSeconds int
	further      platform.Changes
	atOnce       bool
}

// make makes a client, records it, and proves that it works. After a crash at any point, rollback or
// tidy removes what is left: the intent is written before the call, the record after it, and the caller
// notes that the client is used.
func (b *backend) make(ctx context.Context, s logical.Storage, cfg *config, want wish) (*record, platform.Credential, error) {
	api := b.api(cfg)
	none := platform.Credential{}
	key, err := newKey(want.kind)
	if err != nil {
		return nil, none, err
	}
	defer b.making.add(key)()
	settle, err := b.ceiling.reserve(ctx, s, cfg, api, want.kind, b.clock.Now())
	if err != nil {
		return nil, none, explain(ctx, cfg, api, want.role, nil, err)
	}
	now := b.clock.Now()
	wal, err := framework.PutWAL(ctx, s, walKind, intent{key, want.role, cfg.OrgID, now})
	if err != nil {
		settle(false)
		return nil, none, err
	}
	created, err := api.Create(ctx, platform.NewClient{
		Name: nameOf(want.role, key), Description: markOf(cfg, want.role, key),
		TokenSeconds: want.tokenSeconds, Grants: want.grants, Further: want.further,
	})
	if err != nil {
		uncertain := platform.IsUncertain(err)
		settle(uncertain)
		if !uncertain {
			b.forgetIntent(ctx, s, wal)
		}
		return nil, none, explain(ctx, cfg, api, want.role, want.grants, err)
	}
	settle(true)
	made := &record{
		Key: key, ID: created.ID, Name: nameOf(want.role, key), Role: want.role, Made: now,
		TokenSeconds: want.tokenSeconds, AtOnce: want.atOnce,
	}
	if err := store(ctx, s, made.path(), made); err != nil {
		// The intent is still there, if this does not succeed.
		if discard(ctx, api, created.ID) == nil {
			b.forgetIntent(ctx, s, wal)
		}
		return nil, none, err
	}
	b.forgetIntent(ctx, s, wal)
	credential := platform.Credential{ClientID: created.ID, ClientSecret: created.Secret}
	if err := b.check(ctx, cfg, api, want, created, credential); err != nil {
		b.dispose(ctx, s, cfg, made)
		return nil, none, err
	}
	return made, credential, nil
}

// check refuses a client without all its roles, which Genesys Cloud may leave out without an error, and
// one that does not work.
func (b *backend) check(
	ctx context.Context, cfg *config, api *platform.API, want wish, created *platform.OAuthClient, credential platform.Credential,
) error {
	if lacking := inWords(platform.Lacking(created.Grants, want.grants)); lacking != "" {
		return refuse("org %s, role %s: Genesys Cloud made the client without %s, so it was not handed out: grant these roles to the master %s", cfg.Org, want.role, lacking, api.ClientID())
	}
	return b.prove(ctx, cfg, credential)
}

// forgetIntent removes a WAL entry. If that fails, rollback does it later.
func (b *backend) forgetIntent(ctx context.Context, s logical.Storage, wal string) {
	if err := framework.DeleteWAL(ctx, s, wal); err != nil {
		b.Logger().Warn("the WAL entry of a client stays until rollback", "error", err)
	}
}

// dispose removes a client whose secret nobody has. If that fails, tidy does it later.
func (b *backend) dispose(ctx context.Context, s logical.Storage, cfg *config, made *record) {
	// The request may be over, and that may be the reason.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer cancel()
	made.AtOnce = true
	if err := b.retire(ctx, s, cfg, made); err != nil {
		b.Logger().Warn("a new client could not be removed yet; tidy tries again", "client", made.ID, "error", err)
	}
}

// discard removes a client that has no record and whose secret nobody has.
func discard(ctx context.Context, api *platform.API, id string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer cancel()
	client, err := api.Update(ctx, id, platform.Changes{"state": platform.Inactive})
	if err != nil {
		return err
	}
	if client == nil {
		return fmt.Errorf("the new client %s is not known yet", id)
	}
	return api.Delete(ctx, id)
}

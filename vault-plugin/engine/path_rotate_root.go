package engine

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/vault/sdk/framework"
	"github.com/hashicorp/vault/sdk/logical"

	"github.com/OWNER/cdktf-genesys-orgs/vault-plugin/platform"
)

var rotateRootFields = map[string]*framework.FieldSchema{
	"retire_given": {
		Type:        framework.TypeBool,
		Description: "Whether a master that was given to the engine is retired as well. A master that the engine made always is.",
	},
}

func (b *backend) rotateRootPath() *framework.Path {
	return &framework.Path{
		Pattern: "config/rotate-root", Fields: rotateRootFields, DisplayAttrs: display("", ""),
		HelpSynopsis:    "Give the master a new client, whose secret only Vault knows.",
		HelpDescription: "The new client gets the roles of the present one. The present one is deactivated, and deleted when its tokens have ended.",
		Operations: map[logical.Operation]framework.OperationHandler{
			logical.UpdateOperation: &framework.PathOperation{
				Callback: b.rotateRoot, Summary: "Replace the master by a new client.",
				DisplayAttrs: display("rotate", "root"), ForwardPerformanceStandby: true, ForwardPerformanceSecondary: true,
				Responses: map[int][]framework.Response{200: {{Description: "OK", Fields: map[string]*framework.FieldSchema{
					"client_id": {Type: framework.TypeString, Description: "Id of the new master."},
				}}}},
			},
		},
	}
}

func (b *backend) rotateRoot(ctx context.Context, req *logical.Request, data *framework.FieldData) (*logical.Response, error) {
	b.configuring.Lock()
	defer b.configuring.Unlock()
	cfg, err := loadConfig(ctx, req.Storage)
	if err != nil {
		return answer(nil, err)
	}
	before, err := b.api(cfg).Client(ctx, cfg.ClientID)
	if err != nil {
		return answer(nil, explain(ctx, cfg, b.api(cfg), masterRole, nil, err))
	}
	if before == nil {
		return answer(nil, refuse("org %s: the master %s no longer exists: write config with a client that works", cfg.Org, cfg.ClientID))
	}
	tokenSeconds := before.TokenSeconds
	if tokenSeconds == 0 {
		tokenSeconds = int(day.Seconds())
	}
	made, credential, err := b.make(ctx, req.Storage, cfg, wish{
		kind: forMaster, role: masterRole, grants: before.Grants,
		tokenSeconds: tokenSeconds, further: before.Inherited(),
	})
	if err != nil {
		return answer(nil, err)
	}
	next := *cfg
	next.ClientID, next.ClientSecret = credential.ClientID, credential.ClientSecret
	next.Masters = append(slices.Clone(cfg.Masters), credential.ClientID)
	if err := store(ctx, req.Storage, configKey, &next); err != nil {
		// It may be stored nevertheless. Tidy looks, and removes the client if it is not.
		b.connected.forget()
		return nil, err
	}
	b.connected.forget()
	made.Issued = true
	if err := store(ctx, req.Storage, made.path(), made); err != nil {
		b.Logger().Warn("the master's record is not up to date", "org", cfg.Org, "error", err)
	}
	response := &logical.Response{Data: map[string]any{"client_id": next.ClientID}}
	return b.retireGiven(ctx, req.Storage, cfg, before, data.Get("retire_given").(bool), response)
}

// retireGiven retires a master that the engine did not make, if that is wanted. Tidy retires the others.
func (b *backend) retireGiven(
	ctx context.Context, s logical.Storage, cfg *config, before *platform.OAuthClient, wanted bool, response *logical.Response,
) (*logical.Response, error) {
	records, err := allRecords(ctx, s)
	if err != nil {
		return nil, err
	}
	for _, each := range records {
		if each.ID == before.ID {
			return response, nil
		}
	}
	if !wanted {
		response.AddWarning(fmt.Sprintf("the former master %s of org %s was given to the engine, so it stays active: delete it if nothing else uses it", before.ID, cfg.Org))
		return response, nil
	}
	key, err := newKey(forMaster)
	if err != nil {
		return nil, err
	}
	given := &record{
		Key: key, ID: before.ID, Name: before.Name, Role: masterRole, Made: b.clock.Now(),
		TokenSeconds: before.TokenSeconds, Issued: true, Retired: true,
	}
	return response, store(ctx, s, given.path(), given)
}

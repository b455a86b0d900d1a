package engine

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/vault/sdk/framework"
	"github.com/hashicorp/vault/sdk/logical"

	"github.com/OWNER/cdktf-genesys-orgs/vault-plugin/platform"
)

const tokenType = "genesyscloud_token"

var tokenFields = map[string]*framework.FieldSchema{
	"access_token": {Type: framework.TypeString, Description: "Access token for the Platform API.", DisplayAttrs: &framework.DisplayAttributes{Sensitive: true}},
	"token_type":   {Type: framework.TypeString, Description: "Always Bearer."},
	"expires_at":   {Type: framework.TypeString, Description: "Time at which the token ends (RFC 3339)."},
	"client_id":    {Type: framework.TypeString, Description: "Id of the client that the token belongs to."},
	"region":       {Type: framework.TypeString, Description: "AWS name of the organisation's region."},
	"api_url":      {Type: framework.TypeString, Description: "Base URL of the Platform API."},
	"org_id":       {Type: framework.TypeString, Description: "Id of the organisation."},
}

func (b *backend) tokenPath() *framework.Path {
	return &framework.Path{
		Pattern: "token/" + framework.GenericNameRegex("name"), DisplayAttrs: display("", ""),
		Fields:          map[string]*framework.FieldSchema{"name": nameField("role")},
		HelpSynopsis:    "An access token of the role's client.",
		HelpDescription: "Each lease has a token of its own, which ends with the lease. The client's secret does not leave Vault.",
		Operations: map[logical.Operation]framework.OperationHandler{
			logical.ReadOperation: &framework.PathOperation{
				Callback: b.readToken, Summary: "Get an access token.", DisplayAttrs: display("generate", "token"),
				ForwardPerformanceStandby: true, ForwardPerformanceSecondary: true,
				Responses: map[int][]framework.Response{200: {{Description: "OK", Fields: tokenFields}}},
			},
		},
	}
}

func (b *backend) tokenSecret() *framework.Secret {
	// Without Renew, Vault refuses to renew it: a token cannot be made longer.
	return &framework.Secret{Type: tokenType, Fields: tokenFields, Revoke: b.revokeToken}
}

func (b *backend) readToken(ctx context.Context, req *logical.Request, data *framework.FieldData) (*logical.Response, error) {
	name := data.Get("name").(string)
	cfg, err := loadConfig(ctx, req.Storage)
	if err != nil {
		return answer(nil, err)
	}
	wanted, err := loadRole(ctx, req.Storage, name)
	if err != nil {
		return answer(nil, err)
	}
	token, used, err := b.tokenOf(ctx, req.Storage, cfg, name)
	if err != nil {
		return answer(nil, err)
	}
	now := b.clock.Now()
	ttl := min(wanted.ttl(b.System()), token.ExpiresAt.Sub(now))
	expires := token.ExpiresAt.UTC().Format(time.RFC3339)
	endpoints := cfg.endpoints()
	response := b.Secret(tokenType).Response(map[string]any{
		"access_token": token.Value, "token_type": "Bearer", "expires_at": expires, "client_id": used.ID,
		"region": cfg.Region, "api_url": endpoints.API, "org_id": cfg.OrgID,
	}, map[string]any{
		"access_token": token.Value, "expires_at": expires, "api_url": endpoints.API,
	})
	response.Secret.TTL, response.Secret.MaxTTL, response.Secret.Renewable = ttl, ttl, false
	return response, nil
}

// tokenOf gets a new token of the role's client. Another request may replace the client in between: then
// it asks once more with the new one.
func (b *backend) tokenOf(ctx context.Context, s logical.Storage, cfg *config, name string) (platform.Token, *current, error) {
	refused := ""
	for {
		used, err := b.currentClient(ctx, s, cfg, name)
		if err != nil {
			return platform.Token{}, nil, err
		}
		token, err := platform.Login(ctx, b.loginSender(cfg), cfg.endpoints(), used.credential())
		switch {
		case err == nil:
			return token, used, nil
		case !platform.IsUnknownClient(err):
			return token, nil, fmt.Errorf("org %s, role %s: %w", cfg.Org, name, err)
		case refused == used.ID:
			// Someone may have had a reason, so it is not undone.
			return token, nil, refuse("org %s, role %s: %s. The login no longer accepts the client %s: someone deactivated or deleted it, or gave it a new secret. Write roles/%s/rotate to make a new one", cfg.Org, name, err, used.ID, name)
		}
		refused = used.ID
	}
}

// revokeToken ends a token. One that has ended by itself needs no call.
func (b *backend) revokeToken(ctx context.Context, req *logical.Request, _ *framework.FieldData) (*logical.Response, error) {
	token, _ := req.Secret.InternalData["access_token"].(string)
	api, _ := req.Secret.InternalData["api_url"].(string)
	expires, _ := req.Secret.InternalData["expires_at"].(string)
	if at, err := time.Parse(time.RFC3339, expires); token == "" || err == nil && !b.clock.Now().Before(at) {
		return nil, nil
	}
	return nil, platform.EndToken(ctx, b.sender(api), platform.Endpoints{API: api}, token)
}

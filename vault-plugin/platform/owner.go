package platform

import "context"

// Owner is the client and the organisation that a token belongs to.
type Owner struct {
	ClientID string
	OrgID    string
}

// TokenOwner returns whom the token belongs to. Needs no permission.
func (a *API) TokenOwner(ctx context.Context) (Owner, error) {
	var answer struct {
		Organization struct {
			ID string `json:"id"`
		} `json:"organization"`
		Client struct {
			ID string `json:"id"`
		} `json:"OAuthClient"`
	}
	const path = "/api/v2/tokens/me"
	if err := a.call(ctx, "GET", path, nil, &answer, false); err != nil {
		return Owner{}, err
	}
	if answer.Organization.ID == "" {
		return Owner{}, unusable("GET "+path, "no organisation")
	}
	return Owner{ClientID: answer.Client.ID, OrgID: answer.Organization.ID}, nil
}

// OrganizationID returns the organisation's id. Needs no permission.
func (a *API) OrganizationID(ctx context.Context) (string, error) {
	var answer struct {
		ID string `json:"id"`
	}
	const path = "/api/v2/organizations/me"
	if err := a.call(ctx, "GET", path, nil, &answer, false); err != nil {
		return "", err
	}
	if answer.ID == "" {
		return "", unusable("GET "+path, "no id")
	}
	return answer.ID, nil
}

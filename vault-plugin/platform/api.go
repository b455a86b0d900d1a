// Package platform calls the Platform API of one Genesys Cloud organisation: the part of it that OAuth
// clients need.
package platform

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"time"
)

// API is the Platform API of one organisation, called as one OAuth client. A token is requested when it
// is needed, and kept until shortly before it expires.
type API struct {
	Sender    *Sender
	Endpoints Endpoints
	// Login sends the logins: their limit is another one.
	LoginSender *Sender
	credential  Credential

	mu    sync.Mutex
	token Token
	until time.Time
}

// New returns the API as a client sees it.
func New(calls, logins *Sender, endpoints Endpoints, credential Credential) *API {
	return &API{Sender: calls, LoginSender: logins, Endpoints: endpoints, credential: credential}
}

// ClientID returns the id of the client that calls.
func (a *API) ClientID() string { return a.credential.ClientID }

// call makes a call. A token can become invalid early: the API then did nothing, so any call may be
// repeated once with a new one.
func (a *API) call(ctx context.Context, method, path string, body, result any, creates bool) error {
	token, err := a.accessToken(ctx, "")
	if err != nil {
		return err
	}
	err = callWith(ctx, a.Sender, a.Endpoints, token, method, path, body, result, creates)
	if !IsUnauthorized(err) {
		return err
	}
	if token, err = a.accessToken(ctx, token); err != nil {
		return err
	}
	return callWith(ctx, a.Sender, a.Endpoints, token, method, path, body, result, creates)
}

// accessToken returns a token other than the refused one. All who wait at the same time get the same.
func (a *API) accessToken(ctx context.Context, refused string) (string, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.Sender.Clock.Now()
	if a.token.Value != "" && a.token.Value != refused && now.Before(a.until) {
		return a.token.Value, nil
	}
	token, err := Login(ctx, a.LoginSender, a.Endpoints, a.credential)
	if err != nil {
		// The call itself was not sent.
		var failed *Error
		if errors.As(err, &failed) {
			failed.Uncertain = false
		}
		return "", err
	}
	a.token, a.until = token, token.usableUntil(now)
	return token.Value, nil
}

// callWith makes a call with a given token.
func callWith(
	ctx context.Context, s *Sender, endpoints Endpoints, token, method, path string, body, result any, creates bool,
) error {
	withoutQuery, _, _ := strings.Cut(path, "?")
	c := call{
		method:        method,
		url:           endpoints.API + path,
		name:          method + " " + withoutQuery,
		authorization: "Bearer " + token,
		creates:       creates,
	}
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			return err
		}
		c.body, c.contentType = encoded, "application/json"
	}
	return s.send(ctx, c, result)
}

// EndToken makes a token invalid. It is not an error if it is so already.
func EndToken(ctx context.Context, s *Sender, endpoints Endpoints, token string) error {
	err := callWith(ctx, s, endpoints, token, "DELETE", "/api/v2/tokens/me", nil, nil, false)
	if IsUnauthorized(err) || IsNotFound(err) {
		return nil
	}
	return err
}

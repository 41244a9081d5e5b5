package jothttp

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// Resource is the metadata of a protected resource (RFC 9728 §2): whose tokens it wants.
type Resource struct {
	// Resource is the identifier: an https URL without a fragment.
	Resource             string   `json:"resource"`
	AuthorizationServers []string `json:"authorization_servers,omitempty"`
	ScopesSupported      []string `json:"scopes_supported,omitempty"`
	BearerMethods        []string `json:"bearer_methods_supported,omitempty"`
	Name                 string   `json:"resource_name,omitempty"`
	Documentation        string   `json:"resource_documentation,omitempty"`
}

const wellKnown = "/.well-known/oauth-protected-resource"

// MetadataURL returns where the metadata are: the well-known path stands between host and path
// (RFC 9728 §3.1).
func (r Resource) MetadataURL() (string, error) {
	at, err := url.Parse(r.Resource)
	if err != nil || (at.Scheme != "https" && at.Scheme != "http") || at.Host == "" || strings.Contains(r.Resource, "#") {
		return "", fmt.Errorf("jothttp: %q: an http or https URL without a fragment is wanted", r.Resource)
	}
	if at.Path == "/" {
		at.Path, at.RawPath = "", ""
	}
	path := wellKnown + at.EscapedPath()
	made := at.Scheme + "://" + at.Host + path
	if at.RawQuery != "" {
		made += "?" + at.RawQuery
	}
	return made, nil
}

// Handler serves the metadata. Give it to the path of [Resource.MetadataURL]; they are public.
func (r Resource) Handler() (http.Handler, error) {
	if _, err := r.MetadataURL(); err != nil {
		return nil, err
	}
	text, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	return http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		if request.Method != http.MethodGet && request.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Access-Control-Allow-Origin", "*")
		_, _ = w.Write(text)
	}), nil
}

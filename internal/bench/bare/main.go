// Command bare makes the calls of an empty plan of generated extensions, and does
// nothing with the answers but decode and keep them. It is what package bench
// measures the program against, so it is a program of its own, made of the
// standard library.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"sync"
)

const (
	connections = 10
	pageSize    = 200
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "bare:", err)
		os.Exit(1)
	}
}

// run reads all of the server that the environment names, as it does to pbxsync.
func run() error {
	c := &client{endpoint: os.Getenv("PBXSYNC_ENDPOINT"), http: &http.Client{Transport: &http.Transport{
		MaxConnsPerHost: connections, MaxIdleConnsPerHost: connections, MaxIdleConns: connections}}}
	if err := c.login(); err != nil {
		return err
	}
	n, err := c.readAll()
	if err != nil {
		return err
	}
	fmt.Fprintln(os.Stdout, n) // uses what was kept
	return nil
}

// client keeps what all calls share.
type client struct {
	endpoint string
	token    string
	http     *http.Client
}

func (c *client) login() error {
	resp, err := c.http.PostForm(c.endpoint+"/oauth/token", url.Values{"grant_type": {"client_credentials"},
		"client_id": {os.Getenv("PBXSYNC_APP_ID")}, "client_secret": {os.Getenv("PBXSYNC_APP_SECRET")}})
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	var answer struct {
		Token string `json:"access_token"`
	}
	err = json.NewDecoder(resp.Body).Decode(&answer)
	c.token = "Bearer " + answer.Token
	return err
}

// get decodes one answer into v.
func (c *client) get(path string, v any) error {
	req, err := http.NewRequest(http.MethodGet, c.endpoint+"/api/ver1.0"+path, nil)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", c.token)
	resp, err := c.http.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("GET %s: %s", path, resp.Status)
	}
	return json.Unmarshal(data, v)
}

// readAll reads the tenant, its lists at the same time, then the phones.
func (c *client) readAll() (int, error) {
	var tenant map[string]any
	if err := c.get("/client/@me/client/", &tenant); err != nil {
		return 0, err
	}
	root := fmt.Sprintf("/client/%v/", tenant["id"])
	var groups, extensions []map[string]any
	err := together(2, 2, func(i int) error {
		if i == 0 {
			return c.get(root+"extension_group/", &groups)
		}
		var err error
		extensions, err = c.pages(root + "extension/")
		return err
	})
	if err != nil {
		return 0, err
	}
	phones := make([]map[string]any, len(extensions))
	err = together(len(phones), connections, func(i int) error {
		return c.get(fmt.Sprintf("/extension/%.0f/phone/", extensions[i]["id"]), &phones[i])
	})
	return len(tenant) + len(groups) + len(extensions) + len(phones), err
}

// pages reads a list until a page is not full.
func (c *client) pages(path string) ([]map[string]any, error) {
	var all []map[string]any
	for page := 1; ; page++ {
		var rows []map[string]any
		if err := c.get(fmt.Sprintf("%s?page=%d&per_page=%d", path, page, pageSize), &rows); err != nil {
			return nil, err
		}
		all = append(all, rows...)
		if len(rows) < pageSize {
			return all, nil
		}
	}
}

// together calls f for each number below n, by so many workers, and returns an
// error of one of them.
func together(n, workers int, f func(int) error) error {
	next := make(chan int)
	errs := make([]error, workers)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := range next {
				if err := f(i); err != nil && errs[w] == nil {
					errs[w] = err
				}
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
	return errors.Join(errs...)
}

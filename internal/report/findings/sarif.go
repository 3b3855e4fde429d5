package findings

import (
	"io"
	"net/url"
	"slices"
	"strings"

	"pbxsync/internal/report"
)

type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool struct {
		Driver sarifDriver `json:"driver"`
	} `json:"tool"`
	Results []sarifResult `json:"results"`
}

type sarifDriver struct {
	Name  string      `json:"name"`
	Rules []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID string `json:"id"`
}

type sarifText struct {
	Text string `json:"text"`
}

type sarifResult struct {
	RuleID       string            `json:"ruleId"`
	Level        string            `json:"level"`
	Message      sarifText         `json:"message"`
	Locations    []sarifLocation   `json:"locations,omitempty"`
	Fingerprints map[string]string `json:"partialFingerprints"`
}

type sarifLocation struct {
	Physical struct {
		Artifact struct {
			URI string `json:"uri"`
		} `json:"artifactLocation"`
		Region *sarifRegion `json:"region,omitempty"`
	} `json:"physicalLocation"`
}

type sarifRegion struct {
	StartLine   int `json:"startLine"`
	StartColumn int `json:"startColumn,omitempty"`
}

var sarifLevels = [...]string{failure: "error", warning: "warning", notice: "note"}

// SARIF writes the findings as SARIF 2.1.0.
func SARIF(w io.Writer, r *report.Report) error {
	run := sarifRun{Results: []sarifResult{}}
	run.Tool.Driver = sarifDriver{Name: "pbxsync", Rules: []sarifRule{}}
	for _, f := range of(r) {
		if !slices.Contains(run.Tool.Driver.Rules, sarifRule{f.rule}) {
			run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{f.rule})
		}
		run.Results = append(run.Results, sarifResult{RuleID: f.rule, Level: sarifLevels[f.level], Message: sarifText{f.text},
			Locations: located(f), Fingerprints: map[string]string{"pbxsync/v1": f.fingerprint(tenant(r))}})
	}
	return report.JSON(w, sarifLog{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []sarifRun{run}})
}

func located(f finding) []sarifLocation {
	if f.place.File == "" {
		return nil
	}
	var l sarifLocation
	l.Physical.Artifact.URI = (&url.URL{Path: strings.ReplaceAll(f.place.File, "\\", "/")}).String()
	if f.place.Line > 0 {
		l.Physical.Region = &sarifRegion{f.place.Line, f.place.Column}
	}
	return []sarifLocation{l}
}

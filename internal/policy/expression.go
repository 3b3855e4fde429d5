package policy

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/ext"
)

// Names that expressions use.
const (
	nameChange = "change"
	nameObject = "object"
	namePlan   = "plan"
	nameTenant = "tenant"
)

// Bounds of what one question may cost, in CEL's operations: about a change or an object, and
// about a plan, where it grows with the objects. Both leave room for a few passes over all
// fields, and none for pairs of objects.
const (
	costOfOne     = 100_000
	costPerObject = 1_000
)

// longestExpression bounds what is compiled, in bytes.
const longestExpression = 4 << 10

// environments are made when the first policy is read: most runs have none.
var environments = sync.OnceValues(func() (map[Each]*cel.Env, error) {
	base, err := cel.NewEnv(ext.NativeTypes(ext.ParseStructTags(true), reflect.TypeFor[Change](), reflect.TypeFor[Object](), reflect.TypeFor[Tenant](), reflect.TypeFor[Plan]()),
		ext.Strings(), ext.Sets(), cel.Variable(nameTenant, cel.ObjectType("policy.Tenant")), cel.Variable(namePlan, cel.ObjectType("policy.Plan")))
	if err != nil {
		return nil, err
	}
	out := map[Each]*cel.Env{WholePlan: base}
	if out[EachChange], err = base.Extend(cel.Variable(nameChange, cel.ObjectType("policy.Change"))); err != nil {
		return nil, err
	}
	out[EachObject], err = base.Extend(cel.Variable(nameObject, cel.ObjectType("policy.Object")))
	return out, err
})

// expression is a compiled expression.
type expression struct {
	ast *cel.Ast
	env *cel.Env
	one cel.Program // with the bound for a change or an object
}

// compile checks an expression. Of truth, it has to be true or false.
func compile(each Each, text string, truth bool) (*expression, error) {
	if len(text) > longestExpression {
		return nil, fmt.Errorf("it has %d bytes, and %d at most are taken; divide it into several policies", len(text), longestExpression)
	}
	envs, err := environments()
	if err != nil {
		return nil, err
	}
	env := envs[each]
	ast, issues := env.Compile(text)
	if issues.Err() != nil {
		var parts []string
		for _, e := range issues.Errors() {
			parts = append(parts, fmt.Sprintf("at its character %d: %s", e.Location.Column()+1, e.Message))
		}
		return nil, errors.New(strings.Join(parts, "; "))
	}
	if truth && !ast.OutputType().IsExactType(cel.BoolType) && !ast.OutputType().IsExactType(cel.DynType) {
		return nil, fmt.Errorf("it gives a %s, and has to be true or false", ast.OutputType())
	}
	one, err := env.Program(ast, cel.CostLimit(costOfOne))
	return &expression{ast, env, one}, err
}

// ask evaluates with the bound of one, or with one that grows with the objects.
func (e *expression) ask(vars map[string]any, objects int) (ref.Val, error) {
	program := e.one
	if objects > 0 {
		var err error
		if program, err = e.env.Program(e.ast, cel.CostLimit(costOfOne+costPerObject*uint64(objects))); err != nil {
			return nil, err
		}
	}
	v, _, err := program.Eval(vars)
	if err != nil && strings.Contains(err.Error(), "cost limit exceeded") {
		return nil, errors.New("it costs more than its bound; a policy may look at each object a few times, and not at pairs of objects")
	}
	return v, err
}

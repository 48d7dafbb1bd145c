package main

import (
	"go/ast"
	"go/token"
	"regexp"
	"strconv"
)

// edit replaces a part of a file. The first text that compiles is taken: what
// is removed may leave a variable unused, which Go refuses.
type edit struct {
	from, to token.Pos
	texts    []string
}

// mutator collects the edits of a file.
type mutator struct {
	source []byte
	base   token.Pos
	groups map[string]string // constants, and the next one of their group
	edits  []edit
}

func (m *mutator) text(n ast.Node) string {
	return string(m.source[n.Pos()-m.base : n.End()-m.base])
}

func (m *mutator) replace(from, to token.Pos, texts ...string) {
	m.edits = append(m.edits, edit{from, to, texts})
}

func (m *mutator) swap(at token.Pos, from token.Token, to string) {
	m.replace(at, at+token.Pos(len(from.String())), to)
}

// conversely are operators and what they are exchanged for; where the
// expression decides nothing by itself, a comparison is negated instead of
// being moved by one.
var (
	conversely = map[token.Token]string{
		token.ADD: "-", token.SUB: "+", token.MUL: "/", token.QUO: "*", token.REM: "*",
		token.AND: "|", token.OR: "&", token.SHL: ">>", token.SHR: "<<",
		token.LSS: "<=", token.LEQ: "<", token.GTR: ">=", token.GEQ: ">",
	}
	negated = map[token.Token]string{
		token.EQL: "!=", token.NEQ: "==",
		token.LSS: ">=", token.LEQ: ">", token.GTR: "<=", token.GEQ: "<",
	}
	assigning = map[token.Token]string{
		token.ADD_ASSIGN: "-=", token.SUB_ASSIGN: "+=", token.OR_ASSIGN: "&=", token.AND_ASSIGN: "|=",
	}
)

// word is a text with a meaning to programs; one with blanks is for people.
var word = regexp.MustCompile(`^"[\w./:=-]*"$`)

// decides tries both answers of a condition.
func (m *mutator) decides(condition ast.Expr) {
	m.replace(condition.Pos(), condition.End(), "("+m.text(condition)+") || true")
	m.replace(condition.Pos(), condition.End(), "("+m.text(condition)+") && false")
}

// collect gathers what can be changed in a declaration.
func (m *mutator) collect(root ast.Node) {
	deciding := map[ast.Expr]bool{} // expressions that are tried as true and false already
	decide := func(e ast.Expr) {
		deciding[e] = true
		m.decides(e)
	}
	var visit func(ast.Node) bool
	visit = func(node ast.Node) bool {
		switch n := node.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.Field:
			return n.Tag == nil
		case *ast.IfStmt:
			decide(n.Cond)
		case *ast.ForStmt:
			if n.Cond != nil {
				decide(n.Cond)
			}
		case *ast.SwitchStmt:
			m.cases(n, decide)
		case *ast.BinaryExpr:
			m.binary(n, deciding)
		case *ast.UnaryExpr:
			if n.Op == token.NOT && !deciding[n] {
				m.swap(n.OpPos, n.Op, "")
			}
		case *ast.BasicLit:
			m.literal(n)
		case *ast.Ident:
			m.identifier(n, n.Name)
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok {
				m.identifier(n, x.Name+"."+n.Sel.Name)
			}
			ast.Inspect(n.X, visit)
			return false
		case *ast.CompositeLit:
			m.elements(n.Elts)
		case *ast.AssignStmt:
			m.assignment(n)
		case *ast.IncDecStmt:
			m.swap(n.TokPos, n.Tok, map[token.Token]string{token.INC: "--", token.DEC: "++"}[n.Tok])
			m.remove(n)
		case *ast.ExprStmt:
			texts := []string{""}
			if call, ok := n.X.(*ast.CallExpr); ok && len(call.Args) > 0 {
				texts = append(texts, "_ = []any{"+string(m.source[call.Args[0].Pos()-m.base:call.Args[len(call.Args)-1].End()-m.base])+"}")
			}
			m.replace(n.Pos(), n.End(), texts...)
		case *ast.DeferStmt, *ast.BranchStmt:
			m.remove(n)
		case *ast.ReturnStmt:
			if len(n.Results) == 0 {
				m.remove(n)
			}
		}
		return true
	}
	ast.Inspect(root, visit)
}

func (m *mutator) remove(n ast.Node) { m.replace(n.Pos(), n.End(), "") }

// cases tries the conditions of a switch, and leaves out its cases.
func (m *mutator) cases(n *ast.SwitchStmt, decide func(ast.Expr)) {
	for _, stmt := range n.Body.List {
		clause := stmt.(*ast.CaseClause)
		switch {
		case n.Tag == nil:
			for _, e := range clause.List {
				decide(e)
			}
		case len(clause.List) == 1:
			m.remove(clause)
		default:
			m.elements(clause.List)
		}
	}
}

func (m *mutator) binary(n *ast.BinaryExpr, deciding map[ast.Expr]bool) {
	switch n.Op {
	case token.LAND, token.LOR:
		rest := " || true)"
		if n.Op == token.LOR {
			rest = " && false)"
		}
		for _, e := range []ast.Expr{n.X, n.Y} {
			deciding[e] = true
			m.replace(e.Pos(), e.End(), "(("+m.text(e)+")"+rest)
		}
	default:
		if to, ok := conversely[n.Op]; ok {
			m.swap(n.OpPos, n.Op, to)
		}
		if to, ok := negated[n.Op]; ok && !deciding[n] {
			m.swap(n.OpPos, n.Op, to)
		}
	}
}

func (m *mutator) literal(n *ast.BasicLit) {
	switch n.Kind {
	case token.INT:
		value, err := strconv.ParseInt(n.Value, 0, 64)
		if err != nil {
			return
		}
		m.replace(n.Pos(), n.End(), strconv.FormatInt(value+1, 10))
		if value > 0 {
			m.replace(n.Pos(), n.End(), strconv.FormatInt(value-1, 10))
		}
	case token.CHAR:
		m.replace(n.Pos(), n.End(), "("+n.Value+" + 1)")
	case token.STRING:
		if word.MatchString(n.Value) {
			m.replace(n.Pos(), n.End(), n.Value[:len(n.Value)-1]+`~"`)
		}
	}
}

func (m *mutator) identifier(n ast.Expr, name string) {
	switch name {
	case "true":
		m.replace(n.Pos(), n.End(), "false")
	case "false":
		m.replace(n.Pos(), n.End(), "true")
	default:
		if next, ok := m.groups[name]; ok {
			m.replace(n.Pos(), n.End(), next)
		}
	}
}

// elements leaves out each of a list.
func (m *mutator) elements(list []ast.Expr) {
	for i, e := range list {
		switch {
		case i+1 < len(list):
			m.replace(e.Pos(), list[i+1].Pos(), "")
		case i > 0:
			m.replace(list[i-1].End(), e.End(), "")
		default:
			m.replace(e.Pos(), e.End(), "")
		}
	}
}

// assignment forgets what is assigned.
func (m *mutator) assignment(n *ast.AssignStmt) {
	if to, ok := assigning[n.Tok]; ok {
		m.swap(n.TokPos, n.Tok, to)
	}
	if n.Tok == token.DEFINE {
		return
	}
	if len(n.Lhs) == 1 {
		m.replace(n.Pos(), n.End(), "", "_ = "+m.text(n.Rhs[0]))
		return
	}
	for _, e := range n.Lhs {
		if m.text(e) != "_" {
			m.replace(e.Pos(), e.End(), "_")
		}
	}
}

package main

import "go/ast"

// forbidden names the statements of a file that the program must do without:
// it has no scheduler, and a panic ends it for good.
func forbidden(file *ast.File) []string {
	var found []string
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			found = append(found, "starts a goroutine")
		case *ast.CallExpr:
			if name, ok := n.Fun.(*ast.Ident); ok && name.Name == "recover" {
				found = append(found, "recovers from a panic")
			}
		}
		return true
	})
	return found
}

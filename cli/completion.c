/* SPDX-License-Identifier: MIT */
/* tix completion SHELL: the script of a shell, as it was built in. It asks nobody. */
#include <string.h>

#include "base/mem.h"
#include "cli/args.h"
#include "cli/help.h"
#include "cli/out.h"

/* Made from the files cli/completion/NAME, a string a line. */
static const char bash_script[] =
#include "cli/completion/tix.bash.inc"
    ;
static const char zsh_script[] =
#include "cli/completion/_tix.inc"
    ;
static const char fish_script[] =
#include "cli/completion/tix.fish.inc"
    ;

static const struct {
	const char *shell, *script;
} scripts[] = {{"bash", bash_script}, {"zsh", zsh_script}, {"fish", fish_script}};

static int pick(const struct args *a, const char **ret, struct err *e)
{
	if (a->npos != 1)
		err_set(e, a->npos ? TIX_EBAD_VALUE : TIX_EMISSING, "shell", "SHELL is required, once");
	for (size_t i = 0; a->npos == 1 && i < ARRAY_LEN(scripts); i++) {
		if (strcmp(a->pos[0], scripts[i].shell) == 0) {
			*ret = scripts[i].script;
			return 0;
		}
	}
	if (a->npos == 1)
		err_set(e, TIX_EBAD_VALUE, "shell", "SHELL \"%.60s\": bash, zsh or fish", a->pos[0]);
	err_hint(e, "tix completion bash");
	return e->code;
}

int cmd_completion(struct cli *c, int argc, char **argv)
{
	const char *script = NULL;
	struct err e = {0};
	struct args a;
	int r = args_parse(c, argc - 1, argv + 1, "completion", NULL, NULL, &a, &e);

	if (r == 0 && a.help) {
		help_command(c, "completion");
		return 0;
	}
	out_setup(c);
	if (r == 0)
		r = pick(&a, &script, &e);
	if (r < 0)
		return out_error(c, &e);
	buf_puts(&c->out, script);
	return 0;
}

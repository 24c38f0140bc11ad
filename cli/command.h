/* SPDX-License-Identifier: MIT */
/* The commands of tix that are no NOUN VERB, with the flags that help and completion tell of. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

struct cli;
struct rpc_method;

/* An option that is no field. A table of them ends with name NULL. */
struct opt {
	const char *name;
	const char *word; /* what its value is called; NULL: it takes none */
	const char *doc;
};

struct command {
	const char *name;
	int (*run)(struct cli *c, int argc, char **argv); /* argv[0] is the command's word */
	const char *synopsis;
	const char *doc;
	const struct opt *opts;		 /* its own flags; NULL: none */
	const struct rpc_method *method; /* whose fields are flags too; NULL: none */
};

extern const struct opt bench_opts[], config_opts[], db_opts[], export_opts[], import_opts[], status_opts[],
    watch_opts[];

/* Ends with name NULL. */
extern const struct command commands[];

const struct command *command_find(const char *word);

int cmd_method(struct cli *c, int argc, char **argv); /* argv: NOUN VERB ... */
int cmd_show(struct cli *c, int argc, char **argv);
int cmd_status(struct cli *c, int argc, char **argv);
int cmd_watch(struct cli *c, int argc, char **argv);
int cmd_import(struct cli *c, int argc, char **argv);
int cmd_export(struct cli *c, int argc, char **argv);
int cmd_audit(struct cli *c, int argc, char **argv);
int cmd_config(struct cli *c, int argc, char **argv);
int cmd_doctor(struct cli *c, int argc, char **argv);
int cmd_db(struct cli *c, int argc, char **argv);
int cmd_api(struct cli *c, int argc, char **argv);
int cmd_bench(struct cli *c, int argc, char **argv);
int cmd_shell(struct cli *c, int argc, char **argv);
int cmd_version(struct cli *c, int argc, char **argv);
int cmd_completion(struct cli *c, int argc, char **argv);
int cmd_complete(struct cli *c, int argc, char **argv); /* for the shells' completion */
int cmd_help(struct cli *c, int argc, char **argv);

#endif

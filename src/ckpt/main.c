/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include <ckpt.h>
#include <glib/gi18n.h>

#include "command.h"
#include "messages.h"
#include "output.h"
#include "plot-program.h"
#include "startup.h"
#include "table.h"

static const Command commands[] = {
  { "info", N_ ("FILE..."), N_ ("Say what a checkpoint is and what it holds in all"), cmd_info },
  { "ls", N_ ("FILE... [GLOB]"), N_ ("List the values of a checkpoint"), cmd_ls },
  { "get", N_ ("FILE... PATH"), N_ ("Print one value, or write it to a file"), cmd_get },
  { "stats", N_ ("FILE... [GLOB...]"), N_ ("Tell minimum, maximum, mean and more of tensors"), cmd_stats },
  { "edit", N_ ("FILE... [OUTPUT] --EDIT [WORD...]..."), N_ ("Change checkpoints, and write the results"),
    cmd_edit },
  { "export", N_ ("FILE... [OUTPUT]"), N_ ("Make copies that load on other machines"), cmd_export },
  { PLOT_NAME, PLOT_ARGUMENTS, PLOT_SUMMARY, cmd_plot },
};

static ExitStatus
finish (Output *output)
{
  g_autoptr (GError) error = NULL;

  if (output_flush (output, &error))
    return EXIT_DONE;

  message_output_error (error);
  return EXIT_COULD_NOT;
}

static ExitStatus
print_help (void)
{
  g_autoptr (Output) output = output_new_stdout ();
  g_autoptr (Table) table = table_new (output, 2, "  ");

  output_printf (output, "%s\n  ckpt %s\n\n%s\n\n%s\n", _ ("Usage:"), _ ("COMMAND [OPTION...] FILE..."),
                 _ ("Look into PyTorch checkpoints, without Python and without running anything in them."),
                 _ ("Commands:"));
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    table_add (table, (const char *[]) { commands[i].name, _ (commands[i].summary) });
  table_print (table);

  output_printf (output, "\n%s\n", _ ("Options:"));
  table_add (table,
             (const char *[]) { "-h, --help", _ ("Show this help; “ckpt COMMAND --help” tells more") });
  table_add (table, (const char *[]) { "--version", _ ("Show the version") });
  table_add (table, (const char *[]) { "--limits", _ ("Show what a file may ask for before it is refused") });
  table_print (table);
  return finish (output);
}

static ExitStatus
print_version (void)
{
  g_autoptr (Output) output = output_new_stdout ();

  output_printf (output, "ckpt %s\n", PACKAGE_VERSION);
  return finish (output);
}

static ExitStatus
print_limits (void)
{
  g_autoptr (Output) output = output_new_stdout ();
  g_autoptr (Table) table = table_new (output, 3, "");
  gsize n;
  const CkptLimit *limits = ckpt_limits_get (&n);

  table_set_right (table, 1);
  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *value = ckpt_text_count (limits[i].value);

      table_add (table, (const char *[]) { limits[i].name, value, limits[i].unit });
    }
  table_print (table);
  return finish (output);
}

static const Command *
find_command (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (strcmp (commands[i].name, name) == 0)
      return &commands[i];

  return NULL;
}

static ExitStatus
run_command (const Command *command, int argc, char **argv)
{
  g_autofree char *name = g_strdup_printf ("ckpt %s", command->name);

  g_set_prgname (name);
  return command->run (command, argc, argv);
}

static ExitStatus
run (int argc, char **argv)
{
  const char *word = argc > 1 ? argv[1] : "";
  const Command *command = find_command (word);
  g_autofree char *shown = NULL;

  if (command != NULL)
    return run_command (command, argc - 1, argv + 1);
  if (strcmp (word, "--help") == 0 || strcmp (word, "-h") == 0 || strcmp (word, "help") == 0)
    return print_help ();
  if (strcmp (word, "--version") == 0)
    return print_version ();
  if (strcmp (word, "--limits") == 0)
    return print_limits ();
  if (*word == '\0')
    return command_misuse (_ ("A command is missing"));

  shown = ckpt_text_escape (word, strlen (word), 80);
  return command_misuse (_ ("There is no command “%s”"), shown);
}

int
main (int argc, char **argv)
{
  startup ("ckpt");
  return run (argc, argv);
}

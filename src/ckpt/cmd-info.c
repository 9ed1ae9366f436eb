/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include <glib/gi18n.h>

#include "command.h"
#include "info-json.h"
#include "item-text.h"
#include "listing.h"
#include "modules.h"
#include "records.h"
#include "session.h"
#include "table.h"
#include "values.h"
#include "waste.h"

#define MAX_MODULES 10
#define MAX_SCALARS 40

typedef struct
{
  Table *table;
  guint n;
  guint64 budget;
} Scalars;

static void
add_fact (Table *table, const char *name, const char *value)
{
  if (value != NULL)
    table_add (table, (const char *[]) { name, value });
}

static void
add_count (Table *table, const char *name, guint64 n)
{
  g_autofree char *count = ckpt_text_count (n);

  add_fact (table, name, count);
}

static void
add_bytes (Table *table, const char *name, guint64 n_bytes)
{
  g_autofree char *rounded = ckpt_text_bytes (n_bytes);
  g_autofree char *exact = ckpt_text_count (n_bytes);
  g_autofree char *text = g_strdup_printf (_ ("%s (%s bytes)"), rounded, exact);

  add_fact (table, name, n_bytes < 1000 ? rounded : text);
}

static void
add_modules (Table *table, CkptTree *tree)
{
  g_autoptr (GPtrArray) modules = modules_find (tree);

  for (guint i = 0; i < MIN (modules->len, MAX_MODULES); i++)
    {
      const Module *module = modules->pdata[i];
      const char *class_name = module->class_name != NULL ? module->class_name : "?";
      g_autofree char *shown = ckpt_text_escape (class_name, strlen (class_name), 0);
      g_autofree char *count = ckpt_text_count (module->n_parameters);
      g_autofree char *text = g_strdup_printf (_ ("%s of %s at %s"), count, shown, module->path);

      add_fact (table, _ ("parameters"), text);
    }
  if (modules->len > MAX_MODULES)
    {
      g_autofree char *more = g_strdup_printf (_ ("and %u more modules"), modules->len - MAX_MODULES);

      add_fact (table, "", more);
    }
}

/* How many, and of which kinds; the sentences are on standard error. */
static void
add_warnings (Table *table, CkptTree *tree)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint n = ckpt_tree_get_n_warnings (tree);
  const char *last = NULL;

  for (guint i = 0; i < n; i++)
    {
      const CkptWarning *warning = ckpt_tree_get_warning (tree, i);

      if (g_strcmp0 (warning->place.code, last) != 0)
        g_string_append_printf (text, "%s%s", last != NULL ? ", " : "", warning->place.code);
      last = warning->place.code;
    }
  if (n > 0)
    add_fact (table, _ ("warnings"), text->str);
}

static void
add_facts (Table *table, CkptTree *tree)
{
  guint n;
  const CkptFact *facts = ckpt_tree_get_facts (tree, &n);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = ckpt_text_escape (facts[i].name, strlen (facts[i].name), 40);
      g_autofree char *value = ckpt_text_escape (facts[i].value, strlen (facts[i].value), 200);

      add_fact (table, name, value);
    }
}

static void
print_summary (Output *output, CkptTree *tree, const CkptSummary *summary)
{
  g_autoptr (Table) table = table_new (output, 2, "  ");

  add_fact (table, _ ("kind"), ckpt_tree_get_kind_of_file (tree));
  if (ckpt_tree_is_cut (tree))
    add_fact (table, _ ("cut"), _ ("the end of the file is missing"));
  add_bytes (table, _ ("size"), ckpt_source_get_size (ckpt_tree_get_source (tree)));
  add_fact (table, _ ("written by"), summary->writer);
  add_fact (table, _ ("read by"), summary->readers);
  add_count (table, _ ("tensors"), summary->total.n_tensors);
  add_count (table, _ ("values"), summary->total.n_values);
  add_modules (table, tree);
  add_bytes (table, _ ("bytes"), summary->total.n_bytes);
  if (summary->n_tied > 0)
    add_count (table, _ ("tied"), summary->n_tied);
  if (summary->n_wasted_bytes > 0)
    add_bytes (table, _ ("wasted"), summary->n_wasted_bytes);
  add_warnings (table, tree);
  add_facts (table, tree);
  table_print (table);
}

static void
print_totals (Output *output, const char *title, GPtrArray *totals)
{
  g_autoptr (Table) table = table_new (output, 4, "  ");

  if (totals->len == 0)
    return;

  output_text (output, "\n");
  for (guint column = 1; column < 4; column++)
    table_set_right (table, column);
  table_add (table, (const char *[]) { title, _ ("tensors"), _ ("values"), _ ("bytes") });
  for (guint i = 0; i < totals->len; i++)
    {
      const CkptTotal *total = totals->pdata[i];
      g_autofree char *name = ckpt_text_escape (total->name, strlen (total->name), 40);
      g_autofree char *n_tensors = ckpt_text_count (total->n_tensors);
      g_autofree char *n_values = ckpt_text_count (total->n_values);
      g_autofree char *n_bytes = ckpt_text_bytes (total->n_bytes);

      table_add (table, (const char *[]) { name, n_tensors, n_values, n_bytes });
    }
  table_print (table);
}

static gboolean
add_scalar (const Item *item, gpointer user_data)
{
  Scalars *self = user_data;

  if (!item_is_scalar (item))
    return TRUE;

  item_add_row (item, item->text, FALSE, &self->budget, self->table);
  self->n++;
  return self->n < MAX_SCALARS;
}

static void
print_scalars (Output *output, CkptTree *tree)
{
  g_autoptr (Table) table = table_new (output, ITEM_N_COLUMNS, "  ");
  g_autoptr (CkptPath) root = ckpt_path_new ();
  Scalars scalars = { table, 0, ONLY_BUDGET };

  listing_children (tree, root, G_MAXUINT32, add_scalar, &scalars);
  if (scalars.n > 0)
    output_text (output, "\n");
  table_print (table);
}

static gboolean
print_info (Session *session, CkptTree *tree, gpointer user_data, GError **error)
{
  g_autoptr (CkptSummary) summary = ckpt_summary_new (tree);
  const gboolean *is_verbose = user_data;

  if (session->json != NULL)
    {
      info_json_write (session->json, tree, summary);
      return TRUE;
    }

  session_print_name (session);
  print_summary (session->output, tree, summary);
  print_totals (session->output, _ ("dtype"), summary->by_dtype);
  print_totals (session->output, _ ("device"), summary->by_device);
  if (*is_verbose && summary->n_wasted_bytes > 0)
    waste_print (session->output, tree);
  print_scalars (session->output, tree);
  return TRUE;
}

/**
 * cmd_info:
 *
 * Says what files are and what they hold in all.
 */
ExitStatus
cmd_info (const Command *self, int argc, char **argv)
{
  static const SessionSpec spec = { "ckpt.info.1", print_info, records_show };
  gboolean wants_json = FALSE, is_verbose = FALSE;
  const GOptionEntry entries[] = {
    { "verbose", 'v', 0, G_OPTION_ARG_NONE, &is_verbose, N_ ("Tell what keeps wasted bytes in the file"),
      NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &wants_json, N_ ("Write JSON"), NULL },
    { NULL },
  };
  ExitStatus status;
  g_auto (GStrv) words = command_parse (self, entries, NULL, argc, argv, &status);

  if (words == NULL)
    return status;
  if (words[0] == NULL)
    return command_misuse (_ ("A file is missing"));

  return session_run (&spec, wants_json, words, g_strv_length (words), &is_verbose);
}

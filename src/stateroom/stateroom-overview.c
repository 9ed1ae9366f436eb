/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-overview.h"

#include "stateroom-card.h"
#include "stateroom-format.h"
#include "stateroom-overview-data.h"
#include "stateroom-page-header.h"
#include "stateroom-totals.h"

#include <glib/gi18n.h>

/* Warnings that are shown; the others are only counted. */
#define MAX_WARNINGS 20

struct _StateroomOverview
{
  AdwBin parent_instance;

  StateroomPageHeader *header;
  StateroomCard *warnings_card;
  GtkBox *warnings;
  StateroomCard *scalars_card;
  StateroomFacts *scalars;
  StateroomCard *dtypes_card;
  StateroomTotals *dtypes;
  StateroomCard *devices_card;
  StateroomTotals *devices;
  StateroomCard *code_card;
  GtkLabel *code_label;
  StateroomStatistics *statistics;
  StateroomWasteCard *waste_card;
  StateroomCard *file_card;
  StateroomFacts *file_facts;

  CkptTree *tree;
  char *headline;
  GCancellable *cancellable; /* while the file is being looked through */
};

G_DEFINE_FINAL_TYPE (StateroomOverview, stateroom_overview, ADW_TYPE_BIN)

static void
on_copy_clicked (StateroomOverview *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)),
                          gtk_label_get_text (self->code_label));
}

static void
on_activated (StateroomOverview *self, const char *path)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.select-path", "s", path);
}

static void
add_fact (StateroomFacts *facts, const char *name, const char *value)
{
  g_autofree char *name_label = stateroom_format_label (name);
  g_autofree char *value_label = value != NULL ? stateroom_format_label (value) : NULL;

  if (value_label != NULL && value_label[0] != '\0')
    stateroom_facts_add (facts, name_label, value_label);
}

static char *
dup_base_name (CkptTree *tree)
{
  g_autofree char *base = g_path_get_basename (ckpt_source_get_path (ckpt_tree_get_source (tree)));

  return stateroom_format_label (base);
}

/* "124.4 M values · float32 · 498 MB" */
static char *
make_headline (const CkptSummary *summary)
{
  const CkptTotal *total = &summary->total;
  g_autofree char *values = stateroom_format_short_count (total->n_values);
  g_autofree char *size = stateroom_format_bytes (total->n_bytes);
  g_autofree char *count = g_strdup_printf (ngettext ("%s value", "%s values", (gulong) total->n_values),
                                            values);
  const CkptTotal *first;

  if (total->n_tensors == 0)
    return g_strdup (_ ("No tensors"));
  first = g_ptr_array_index (summary->by_dtype, 0);
  if (summary->by_dtype->len == 1)
    return g_strdup_printf ("%s · %s · %s", count, first->name, size);
  if (first->n_bytes > total->n_bytes / 2)
    /* Translators: %s: "124.4 M values", the type of most of them, a size */
    return g_strdup_printf (_ ("%s · mostly %s · %s"), count, first->name, size);
  /* Translators: "124.4 M values · 3 types · 498 MB" */
  return g_strdup_printf (ngettext ("%s · %u type · %s", "%s · %u types · %s", summary->by_dtype->len), count,
                          summary->by_dtype->len, size);
}

static void
show_file_facts (StateroomOverview *self, const CkptSummary *summary)
{
  CkptSource *source = ckpt_tree_get_source (self->tree);
  g_autofree char *size = stateroom_format_bytes (ckpt_source_get_size (source));
  g_autofree char *tied = stateroom_format_count (summary->n_tied);
  g_autofree char *wasted = stateroom_format_bytes (summary->n_wasted_bytes);
  const CkptFact *facts;
  guint n_facts;

  add_fact (self->file_facts, _ ("Kind"), ckpt_tree_get_kind_of_file (self->tree));
  add_fact (self->file_facts, _ ("Written by"), summary->writer);
  add_fact (self->file_facts, _ ("Read by"), summary->readers);
  add_fact (self->file_facts, _ ("Size"), size);
  if (summary->n_tied > 0)
    add_fact (self->file_facts, _ ("Tied tensors"), tied);
  if (summary->n_wasted_bytes > 0)
    add_fact (self->file_facts, _ ("Wasted"), wasted);
  facts = ckpt_tree_get_facts (self->tree, &n_facts);
  for (guint i = 0; i < n_facts; i++)
    add_fact (self->file_facts, facts[i].name, facts[i].value);
  add_fact (self->file_facts, _ ("Place"), ckpt_source_get_path (source));
}

static void
show_scalars (StateroomOverview *self, const StateroomOverviewData *data)
{
  for (guint i = 0; i < data->scalars->len; i++)
    {
      const StateroomScalar *scalar = g_ptr_array_index (data->scalars, i);

      stateroom_facts_add (self->scalars, scalar->name, scalar->value);
    }
  if (data->n_more_scalars > 0)
    {
      g_autofree char *more = g_strdup_printf (ngettext ("and %u more", "and %u more", data->n_more_scalars),
                                               data->n_more_scalars);

      stateroom_facts_add (self->scalars, "", more);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->scalars_card), data->scalars->len > 0);
}

static void
append_text (GtkBox *box, const char *text, gboolean is_dimmed)
{
  g_autofree char *shown = stateroom_format_label (text);
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "label", shown, "xalign", 0.0f, "wrap", TRUE, "wrap-mode",
                                   PANGO_WRAP_WORD_CHAR, "attributes", stateroom_format_get_verbatim (),
                                   "selectable", TRUE, NULL);

  if (is_dimmed)
    gtk_widget_add_css_class (label, "dimmed");
  gtk_box_append (box, label);
}

static void
add_warning (StateroomOverview *self, const char *message, const char *path)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  append_text (GTK_BOX (box), message, FALSE);
  if (path != NULL)
    append_text (GTK_BOX (box), path, TRUE);
  gtk_box_append (self->warnings, box);
}

static void
show_warnings (StateroomOverview *self)
{
  guint n_warnings = ckpt_tree_get_n_warnings (self->tree);
  guint n_shown = MIN (n_warnings, MAX_WARNINGS);
  g_autofree char *count = stateroom_format_count (n_warnings);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->warnings))) != NULL)
    gtk_box_remove (self->warnings, child);
  for (guint i = 0; i < n_shown; i++)
    {
      const CkptWarning *warning = ckpt_tree_get_warning (self->tree, i);

      add_warning (self, warning->message, warning->path);
    }
  if (n_warnings > n_shown)
    {
      g_autofree char *more = g_strdup_printf (ngettext ("and %u more", "and %u more", n_warnings - n_shown),
                                               n_warnings - n_shown);

      add_warning (self, more, NULL);
    }
  stateroom_card_set_note (self->warnings_card, count);
  gtk_widget_set_visible (GTK_WIDGET (self->warnings_card), n_warnings > 0);
}

static void
show_data (StateroomOverview *self, StateroomOverviewData *data)
{
  const CkptSummary *summary = data->summary;
  g_autofree char *base = dup_base_name (self->tree);
  g_autofree char *code = stateroom_overview_data_dup_code (data, self->tree);

  g_free (self->headline);
  self->headline = make_headline (summary);
  stateroom_page_header_set_title (self->header, base, self->headline);
  show_scalars (self, data);
  show_file_facts (self, summary);
  stateroom_totals_show (self->dtypes, summary->by_dtype);
  stateroom_totals_show (self->devices, summary->by_device);
  gtk_widget_set_visible (GTK_WIDGET (self->dtypes_card), summary->by_dtype->len > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->devices_card), summary->by_device->len > 0);
  gtk_label_set_text (self->code_label, code != NULL ? code : "");
  gtk_widget_set_visible (GTK_WIDGET (self->code_card), code != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->file_card), TRUE);
  stateroom_waste_card_set_waste (self->waste_card, self->tree, data->waste);
  gtk_widget_set_visible (GTK_WIDGET (self->waste_card), data->waste->len > 0);
}

static void
on_data_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (StateroomOverviewData) data = stateroom_overview_data_load_finish (result, &error);
  StateroomOverview *self = user_data;

  /* Only cancelling fails, and then the page may be gone. */
  if (data == NULL)
    return;
  g_clear_object (&self->cancellable);
  show_data (self, data);
}

static void
stateroom_overview_dispose (GObject *object)
{
  StateroomOverview *self = STATEROOM_OVERVIEW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->tree, ckpt_tree_unref);
  g_clear_pointer (&self->headline, g_free);
  G_OBJECT_CLASS (stateroom_overview_parent_class)->dispose (object);
}

static void
stateroom_overview_class_init (StateroomOverviewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = stateroom_overview_dispose;
  g_type_ensure (STATEROOM_TYPE_CARD);
  g_type_ensure (STATEROOM_TYPE_FACTS);
  g_type_ensure (STATEROOM_TYPE_PAGE_HEADER);
  g_type_ensure (STATEROOM_TYPE_STATISTICS);
  g_type_ensure (STATEROOM_TYPE_TOTALS);
  g_type_ensure (STATEROOM_TYPE_WASTE_CARD);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/stateroom/Stateroom/stateroom-overview.ui");
  gtk_widget_class_bind_template_child (widget_class, StateroomOverview, header);
  gtk_widget_class_bind_template_child (widget_class, StateroomOverview, warnings_card);
  gtk_widget_class_bind_template_child (widget_class, StateroomOverview, warnings);
  gtk_widget_class_bind_template_child (widget_class, StateroomOverview, scalars_card);
  gtk_widget_class_bind_template_child (widget_class, StateroomOverview, scalars);
  gtk_widget_class_bind_template_child (widget_class, StateroomOverview, dtypes_card);
  gtk_widget_class_bind_template_child (widget_class, StateroomOverview, dtypes);
  gtk_widget_class_bind_template_child (widget_class, StateroomOverview, devices_card);
  gtk_widget_class_bind_template_child (widget_class, StateroomOverview, devices);
  gtk_widget_class_bind_template_child (widget_class, StateroomOverview, code_card);
  gtk_widget_class_bind_template_child (widget_class, StateroomOverview, code_label);
  gtk_widget_class_bind_template_child (widget_class, StateroomOverview, statistics);
  gtk_widget_class_bind_template_child (widget_class, StateroomOverview, waste_card);
  gtk_widget_class_bind_template_child (widget_class, StateroomOverview, file_card);
  gtk_widget_class_bind_template_child (widget_class, StateroomOverview, file_facts);
  gtk_widget_class_bind_template_callback (widget_class, on_copy_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_activated);
}

/* What is wrong stands at the top, far from the rest of the statistics. */
static void
move_findings (StateroomOverview *self)
{
  g_autoptr (GtkWidget)
      findings = GTK_WIDGET (g_object_ref (stateroom_statistics_get_findings (self->statistics)));

  gtk_box_remove (GTK_BOX (gtk_widget_get_parent (findings)), findings);
  gtk_box_insert_child_after (GTK_BOX (adw_bin_get_child (ADW_BIN (self))), findings,
                              GTK_WIDGET (self->warnings_card));
}

static void
stateroom_overview_init (StateroomOverview *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_label_set_attributes (self->code_label, stateroom_format_get_verbatim ());
  move_findings (self);
}

/**
 * stateroom_overview_new:
 *
 * Returns: (transfer floating): an empty page
 */
GtkWidget *
stateroom_overview_new (void)
{
  return g_object_new (STATEROOM_TYPE_OVERVIEW, NULL);
}

/* What takes time comes later; until then there is no card. */
static void
show_at_once (StateroomOverview *self)
{
  g_autofree char *base = dup_base_name (self->tree);

  stateroom_page_header_set_title (self->header, base, ckpt_tree_get_kind_of_file (self->tree));
  stateroom_page_header_clear_chips (self->header);
  if (ckpt_tree_is_cut (self->tree))
    stateroom_page_header_add_chip (self->header, _ ("cut off"), _ ("The end of the file is missing"));
  stateroom_facts_clear (self->scalars);
  stateroom_facts_clear (self->file_facts);
  gtk_widget_set_visible (GTK_WIDGET (self->scalars_card), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->dtypes_card), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->devices_card), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->code_card), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->file_card), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->waste_card), FALSE);
  show_warnings (self);
}

/**
 * stateroom_overview_show:
 * @survey: the statistics of a file
 *
 * Shows what a file is and holds.
 */
void
stateroom_overview_show (StateroomOverview *self, StateroomSurvey *survey)
{
  CkptTree *tree = stateroom_survey_get_tree (survey);
  g_autoptr (CkptPath) root = ckpt_path_new ();

  if (self->tree == tree)
    return;
  stateroom_overview_clear (self);
  self->tree = ckpt_tree_ref (tree);
  show_at_once (self);
  self->cancellable = g_cancellable_new ();
  stateroom_overview_data_load_async (tree, self->cancellable, on_data_loaded, self);
  stateroom_statistics_show_path (self->statistics, survey, root);
}

/**
 * stateroom_overview_clear:
 *
 * Forgets the file.
 */
void
stateroom_overview_clear (StateroomOverview *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->tree, ckpt_tree_unref);
  stateroom_statistics_clear (self->statistics);
}

/**
 * stateroom_overview_is_busy:
 *
 * Returns: whether the file is still being looked through
 */
gboolean
stateroom_overview_is_busy (StateroomOverview *self)
{
  return self->cancellable != NULL || stateroom_statistics_is_busy (self->statistics);
}

/**
 * stateroom_overview_get_statistics:
 *
 * Returns: (transfer none): what is known of all tensors
 */
StateroomStatistics *
stateroom_overview_get_statistics (StateroomOverview *self)
{
  return self->statistics;
}

/**
 * stateroom_overview_get_waste_card:
 *
 * Returns: (transfer none): the map of bytes that are there for nothing
 */
StateroomWasteCard *
stateroom_overview_get_waste_card (StateroomOverview *self)
{
  return self->waste_card;
}

/**
 * stateroom_overview_get_file_facts:
 *
 * Returns: (transfer none): what is said about the file
 */
StateroomFacts *
stateroom_overview_get_file_facts (StateroomOverview *self)
{
  return self->file_facts;
}

/**
 * stateroom_overview_get_scalars:
 *
 * Returns: (transfer none): the single values at the top of the file
 */
StateroomFacts *
stateroom_overview_get_scalars (StateroomOverview *self)
{
  return self->scalars;
}

/**
 * stateroom_overview_get_code:
 *
 * Returns: (transfer none): Python that loads the file, or nothing
 */
const char *
stateroom_overview_get_code (StateroomOverview *self)
{
  return gtk_label_get_text (self->code_label);
}

/**
 * stateroom_overview_get_headline:
 *
 * Returns: (transfer none) (nullable): the line below the name of the file
 */
const char *
stateroom_overview_get_headline (StateroomOverview *self)
{
  return self->headline;
}

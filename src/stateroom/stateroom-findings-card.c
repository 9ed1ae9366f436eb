/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stateroom-findings-card.h"

#include <glib/gi18n.h>

#include "stateroom-card.h"
#include "stateroom-format.h"

#define MAX_ROWS 100 /* of a kind; the others are only counted */
#define FEW_ROWS 5   /* that are shown at once */
#define SPACING  6

struct _StateroomFindingsCard
{
  AdwBin parent_instance;

  StateroomCard *card;
  GtkBox *box;
  guint n[2]; /* by grade */
};

enum
{
  ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (StateroomFindingsCard, stateroom_findings_card, ADW_TYPE_BIN)

static void
stateroom_findings_card_class_init (StateroomFindingsCardClass *klass)
{
  /**
   * StateroomFindingsCard::activated:
   * @path: text form of the path of the tensor
   */
  signals[ACTIVATED] = g_signal_new ("activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                     NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
stateroom_findings_card_init (StateroomFindingsCard *self)
{
  self->card = g_object_new (STATEROOM_TYPE_CARD, "title", _ ("Findings"), NULL);
  self->box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, SPACING));
  gtk_box_append (GTK_BOX (self->card), GTK_WIDGET (self->box));
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->card));
}

/**
 * stateroom_findings_card_new:
 *
 * Returns: (transfer floating): an empty card
 */
GtkWidget *
stateroom_findings_card_new (void)
{
  return g_object_new (STATEROOM_TYPE_FINDINGS_CARD, NULL);
}

static void
on_row_clicked (StateroomFindingsCard *self, GtkButton *row)
{
  g_signal_emit (self, signals[ACTIVATED], 0, g_object_get_data (G_OBJECT (row), "path"));
}

static GtkWidget *
new_label (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (label, css_class);
  return label;
}

/* A button that leads to the tensor. */
static GtkWidget *
new_row (StateroomFindingsCard *self, const CkptFinding *finding)
{
  g_autofree char *path = stateroom_format_label (finding->path);
  g_autofree char *text = stateroom_format_label (finding->text);
  GtkWidget *row = gtk_button_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  gtk_box_append (GTK_BOX (box), new_label (path, "finding-path"));
  gtk_box_append (GTK_BOX (box), new_label (text, "dimmed"));
  gtk_button_set_child (GTK_BUTTON (row), box);
  gtk_widget_add_css_class (row, "flat");
  gtk_widget_add_css_class (row, "finding");
  g_object_set_data_full (G_OBJECT (row), "path", g_strdup (finding->path), g_free);
  g_signal_connect_object (row, "clicked", G_CALLBACK (on_row_clicked), self, G_CONNECT_SWAPPED);
  return row;
}

static GtkWidget *
new_heading (const CkptFinding *first, guint n)
{
  gboolean is_problem = first->grade == CKPT_FINDING_PROBLEM;
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, SPACING);
  GtkWidget *icon = gtk_image_new_from_icon_name (is_problem ? "dialog-warning-symbolic"
                                                             : "dialog-information-symbolic");
  g_autofree char *count = stateroom_format_count (n);

  gtk_widget_add_css_class (icon, is_problem ? "error" : "dimmed");
  gtk_accessible_update_property (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  is_problem ? _ ("Problem") : _ ("Note"), -1);
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), gtk_label_new (ckpt_finding_kind_get_title (first->kind)));
  gtk_box_append (GTK_BOX (box), new_label (count, "chip"));
  return box;
}

/* Those from @first to @end are of one kind. */
static void
add_kind (StateroomFindingsCard *self, GPtrArray *findings, guint first, guint end)
{
  const CkptFinding *finding = g_ptr_array_index (findings, first);
  GtkWidget *expander = gtk_expander_new (NULL);
  GtkWidget *rows = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  for (guint i = first; i < MIN (end, first + MAX_ROWS); i++)
    gtk_box_append (GTK_BOX (rows), new_row (self, g_ptr_array_index (findings, i)));
  if (end - first > MAX_ROWS)
    {
      guint n_more = end - first - MAX_ROWS;
      g_autofree char *count = stateroom_format_count (n_more);
      g_autofree char *more = g_strdup_printf (ngettext ("and %s more", "and %s more", n_more), count);

      gtk_box_append (GTK_BOX (rows), new_label (more, "dimmed"));
    }
  gtk_expander_set_label_widget (GTK_EXPANDER (expander), new_heading (finding, end - first));
  gtk_expander_set_child (GTK_EXPANDER (expander), rows);
  gtk_expander_set_expanded (GTK_EXPANDER (expander),
                             finding->grade == CKPT_FINDING_PROBLEM && end - first <= FEW_ROWS);
  gtk_box_append (self->box, expander);
}

/* "2 problems · 14 notes" */
static void
show_counts (StateroomFindingsCard *self)
{
  guint n_problems = self->n[CKPT_FINDING_PROBLEM], n_notes = self->n[CKPT_FINDING_NOTE];
  g_autofree char *problems = g_strdup_printf (ngettext ("%u problem", "%u problems", n_problems),
                                               n_problems);
  g_autofree char *notes = g_strdup_printf (ngettext ("%u note", "%u notes", n_notes), n_notes);
  g_autofree char *both = g_strdup_printf ("%s · %s", problems, notes);

  stateroom_card_set_note (self->card, n_problems > 0 && n_notes > 0 ? both
                                       : n_problems > 0              ? problems
                                       : n_notes > 0                 ? notes
                                                                     : NULL);
}

/**
 * stateroom_findings_card_set_findings:
 * @findings: (element-type CkptFinding): what to list, those of a kind together; none: that nothing was found
 */
void
stateroom_findings_card_set_findings (StateroomFindingsCard *self, GPtrArray *findings)
{
  GtkWidget *child;
  guint first = 0;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->box))) != NULL)
    gtk_box_remove (self->box, child);
  self->n[CKPT_FINDING_PROBLEM] = self->n[CKPT_FINDING_NOTE] = 0;
  for (guint i = 0; i < findings->len; i++)
    {
      const CkptFinding *finding = g_ptr_array_index (findings, i);
      const CkptFinding *next = i + 1 < findings->len ? g_ptr_array_index (findings, i + 1) : NULL;

      self->n[finding->grade]++;
      if (next != NULL && g_str_equal (next->kind, finding->kind))
        continue;
      add_kind (self, findings, first, i + 1);
      first = i + 1;
    }
  if (findings->len == 0)
    gtk_box_append (self->box, new_label (_ ("No NaN, no infinity, nothing odd."), "dimmed"));
  show_counts (self);
}

/**
 * stateroom_findings_card_get_n:
 * @grade: how bad
 *
 * Returns: how many are listed
 */
guint
stateroom_findings_card_get_n (StateroomFindingsCard *self, CkptFindingGrade grade)
{
  return self->n[grade];
}
